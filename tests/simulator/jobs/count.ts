/**
 * `POST /admin/jobs-count-requests`: a read, although it is a POST.
 *
 * @module
 */
import { parsed, whereBadRequest } from "../filter/request.ts";
import { badRequest } from "../protocol/error.ts";
import { JOB_COUNT_FIELDS } from "./fields.ts";
import { planFilter } from "./plan.ts";
import { countRows } from "./query.ts";
import type { JobSource } from "./source.ts";

/**
 * Responds with the number of jobs that match the filter in the body.
 *
 * @throws ApiError 400
 */
export function countJobs(sources: readonly JobSource[], body: unknown): unknown {
  const filter = filterIn(body);
  const plan = whereBadRequest(() => planFilter(parsed(filter), JOB_COUNT_FIELDS));
  return {
    data: {
      type: "jobCount",
      id: "jobCount",
      attributes: { count: countRows(sources, plan), filter },
    },
  };
}

function filterIn(body: unknown): string {
  const data = field(body, "data");
  if (field(data, "type") !== "jobCount") throw badRequest("data.type must be jobCount.");
  const attributes = field(data, "attributes");
  if (typeof attributes !== "object" || attributes === null) {
    throw badRequest("data.attributes is missing.");
  }
  const filter = field(attributes, "filter") ?? "";
  if (typeof filter !== "string") throw badRequest("data.attributes.filter must be a text.");
  return filter;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
