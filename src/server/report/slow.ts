/**
 * The slow jobs of a site: running ones, those that took much longer than usual, and the longest.
 *
 * @module
 */
import type { SiteFindings } from "../../site/findings/types.ts";
import { inWords } from "../pages/words.ts";
import { statusInWords } from "./words.ts";

/** A slow job; every text is for people. */
export interface SlowJob {
  readonly client: string;
  readonly policy: string;
  readonly jobId: number;
  readonly action: string;
  readonly durationMs: number;
  /** How long such jobs take; empty where too few were seen. */
  readonly usual: string;
  /** It takes or took much longer than usual. */
  readonly overruns: boolean;
  /** How it ended; `running` while it has not. */
  readonly outcome: string;
}

/** All of them, each once. */
export function slowJobsOf({ jobs, running }: SiteFindings): SlowJob[] {
  const { overran = [], longest = [] } = jobs.value ?? {};
  const overranIds = new Set(overran.map(({ jobId }) => jobId));
  const ended = [...overran, ...longest.filter(({ jobId }) => !overranIds.has(jobId))];
  return [
    ...(running ?? []).map((job) => ({
      ...job,
      usual: usualInWords(job.usualMs),
      outcome: "running",
    })),
    ...ended.map((job) => ({
      ...job,
      usual: usualInWords(job.usualMs),
      overruns: overranIds.has(job.jobId),
      outcome: statusInWords(job.status, job.meaning),
    })),
  ];
}

function usualInWords(usualMs: number | undefined): string {
  return usualMs === undefined ? "" : inWords(usualMs);
}
