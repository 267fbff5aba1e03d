/**
 * `GET /asset-service/workloads` (the vendor's assetservice.yaml): which workloads exist. It takes no
 * parameters of paging in any release, and any key will do.
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
  paging: "none",
  limit: 1,
  row: withId({}),
  key: ({ id }) => id,
});
