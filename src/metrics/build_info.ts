/**
 * The build as a metric.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import { exporterBuildInfo } from "./catalogue.ts";
import { singleSample } from "./family.ts";
import type { MetricFamily } from "./types.ts";

/**
 * The family `nbu_exporter_build_info`. Its label `goversion` is part of the drop-in contract and
 * names the runtime.
 *
 * @param build What was built.
 * @param denoVersion Version of the runtime, without a leading `v`.
 */
export function buildInfoFamily(
  build: BuildInfo,
  denoVersion: string = Deno.version.deno,
): MetricFamily {
  const { version, commit } = build;
  return singleSample(exporterBuildInfo, { version, goversion: `deno${denoVersion}`, commit }, 1);
}
