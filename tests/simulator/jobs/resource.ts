/**
 * A job as a resource of a response.
 *
 * @module
 */
import type { Settings } from "../options.ts";
import { SAME_FOR_ALL } from "./attributes.ts";
import type { JobRow } from "./source.ts";

/** Writes a job as JSON; the cursor is given only in lists. */
export function jobJson(
  row: JobRow,
  cursor: string | undefined,
  url: URL,
  settings: Settings,
): string {
  const { state, jobId } = row.figures ?? row.attributes;
  const style = settings.unfinishedEndTime;
  const changed = row.raw !== undefined || (style !== "epoch" && state !== "DONE");
  const attributes = changed
    ? JSON.stringify(rewritten(row, style))
    : row.figures
    ? `${JSON.stringify(row.figures).slice(0, -1)},${SAME_JSON}`
    : JSON.stringify(row.attributes);
  const base = `${url.origin}${settings.basePath}/admin/jobs/${jobId}`;
  const meta = cursor === undefined ? "" : `"meta":{"page":{"cursor":${JSON.stringify(cursor)}}},`;
  return `{"links":{"self":{"href":"/admin/jobs/${jobId}"},` +
    `"file-lists":{"href":${JSON.stringify(`${base}/file-lists`)}},` +
    `"try-logs":{"href":${JSON.stringify(`${base}/try-logs`)}}},` +
    `"type":"job","id":"${jobId}",${meta}"attributes":${attributes}}`;
}

const SAME_JSON = JSON.stringify(SAME_FOR_ALL).slice(1);

function rewritten(row: JobRow, style: Settings["unfinishedEndTime"]): Record<string, unknown> {
  const attributes: Record<string, unknown> = { ...row.attributes };
  if (row.attributes.state !== "DONE" && style !== "epoch") {
    if (style === "null") attributes["endTime"] = null;
    else delete attributes["endTime"];
  }
  return { ...attributes, ...row.raw };
}
