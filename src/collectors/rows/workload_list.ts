/**
 * `GET /asset-service/workloads` (the vendor's assetservice.yaml): which workloads exist. The
 * documents have pages in its response but no parameters of them: the usual ones, and the
 * largest page of assets, should do; a server that gives all at once is understood as well. Any key
 * will do.
 *
 * @module
 */
import { listResource } from "../../netbackup/resource.ts";
import { withId } from "./identified.ts";

/** The workloads; their ids are their names. */
export const workloadList = listResource({
  endpoint: "/asset-service/workloads",
  permission: "",
  since: "10.0",
  row: withId({}),
  key: ({ id }) => id,
});
