/**
 * What is remembered of the backups of each policy.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import { setBounded } from "../../base/bounded_map.ts";
import type { LabelFilter } from "../options/label_filter.ts";
import {
  ClientRuns,
  type ClientRunsDocument,
  clientRunsDocument,
  hasFailed,
} from "./client_runs.ts";

/** Policies by schedule type, their clients, and parents of jobs: the newest stay. */
const MAX_POLICIES = 10_000;
const MAX_CLIENTS = 20_000;
const MAX_PARENTS = 5000;

const text = v.string();
const integer = v.pipe(v.number(), v.integer());
const instant = v.pipe(v.number(), v.minValue(0));

/** A `PolicyHistory` in a checkpoint. */
export const policyHistoryDocument = v.object({
  /** Policy, schedule type, end and status of the last run, end of the last success. */
  policies: v.pipe(
    v.array(v.tuple([text, text, instant, integer, instant])),
    v.maxLength(MAX_POLICIES),
  ),
  /** Policy, schedule type and client. */
  clients: v.pipe(
    v.array(v.tuple([text, text, text, clientRunsDocument])),
    v.maxLength(MAX_CLIENTS),
  ),
  /** Parents that have ended lately, and the client of those that failed. */
  ended: v.pipe(v.array(v.tuple([integer, text])), v.maxLength(MAX_PARENTS)),
});

/** See `policyHistoryDocument`. */
export type PolicyHistoryDocument = v.InferOutput<typeof policyHistoryDocument>;

/** Options of what is remembered. */
export interface HistoryOptions {
  readonly policy: LabelFilter;
  readonly client: LabelFilter;
}

/** The last run of a policy's schedules of one type. */
export interface PolicyRun {
  readonly policy: string;
  readonly scheduleType: string;
  readonly endMs: number;
  readonly status: number;
  /** When the last job ended with status 0 or 1, in milliseconds since the epoch; 0 = none has. */
  readonly successMs: number;
}

/** The runs of a client by a policy's schedules of one type. */
export interface PolicyClient {
  readonly policy: string;
  readonly scheduleType: string;
  readonly client: string;
  readonly runs: ClientRuns;
}

/** What is remembered of policies across restarts. */
export class PolicyHistory {
  readonly #policies = new Map<string, PolicyRun>();
  readonly #clients = new Map<string, PolicyClient>();
  /** The client of each parent that failed, "" of one that did not. */
  readonly #ended = new Map<number, string>();
  /** Clients below a parent, which may be resumed and end again. */
  readonly #below = new Map<number, Set<PolicyClient>>();

  /** The last run by policy and schedule type. */
  get policies(): Iterable<PolicyRun> {
    return this.#policies.values();
  }

  /** The clients by policy and schedule type. */
  get clients(): Iterable<PolicyClient> {
    return this.#clients.values();
  }

  /** Takes in a job that has ended. Only backups by a schedule count. */
  observe(completion: Completion, options: HistoryOptions): void {
    const { policy, client, scheduleType, action, childCount, level, parentJobId } = completion;
    if (action !== "BACKUP" || policy === "" || !options.policy.allows(policy)) return;
    if (scheduleType !== "") this.#observePolicy(completion);
    if (childCount > 0) return this.#endRun(completion);
    if (scheduleType === "" || client === "" || !options.client.allows(client)) return;
    const entry = this.#entryOf(completion);
    const failedClient = this.#ended.get(parentJobId);
    entry.runs.observe(completion, level === "root" || failedClient !== undefined);
    if (failedClient === client) entry.runs.endRun(parentJobId, true);
    this.#noteParent(entry);
  }

  /**
   * When a client was last backed up by a policy, in milliseconds since the epoch; 0 = never.
   *
   * @param types Schedule types that count.
   */
  lastSuccess(policy: string, client: string, types: readonly string[]): number {
    const ends = types.map((type) =>
      this.#clients.get(keyOf(policy, type, client))?.runs.lastSuccessMs ?? 0
    );
    return Math.max(0, ...ends);
  }

  /**
   * Evicts what has not run for long.
   *
   * @param beforeMs What last ended before is evicted.
   */
  evict(beforeMs: number): void {
    for (const [key, { endMs }] of this.#policies) if (endMs < beforeMs) this.#policies.delete(key);
    for (const [key, { runs }] of this.#clients) {
      if (runs.lastEndMs < beforeMs) this.#clients.delete(key);
    }
  }

  /** The history as a value for JSON. */
  serialize(): PolicyHistoryDocument {
    return {
      policies: [...this.#policies.values()].map((
        { policy, scheduleType, endMs, status, successMs },
      ) => [policy, scheduleType, endMs, status, successMs]),
      clients: [...this.#clients.values()].map((
        { policy, scheduleType, client, runs },
      ): [string, string, string, ClientRunsDocument] => [
        policy,
        scheduleType,
        client,
        runs.serialize(),
      ]),
      ended: [...this.#ended],
    };
  }

  /** Restores what was serialized. */
  restore({ policies, clients, ended }: PolicyHistoryDocument): void {
    for (const [policy, scheduleType, endMs, status, successMs] of policies) {
      const run = { policy, scheduleType, endMs, status, successMs };
      this.#policies.set(keyOf(policy, scheduleType), run);
    }
    for (const [policy, scheduleType, client, document] of clients) {
      const entry = this.#entryOf({ policy, scheduleType, client });
      entry.runs.restore(document);
      this.#noteParent(entry);
    }
    for (const [jobId, failedClient] of ended) this.#ended.set(jobId, failedClient);
  }

  #observePolicy(completion: Completion): void {
    const { policy, scheduleType, endMs, status, level } = completion;
    const key = keyOf(policy, scheduleType);
    const last = this.#policies.get(key);
    const successMs = Math.max(last?.successMs ?? 0, hasFailed(completion) ? 0 : endMs);
    // Parents end with their last job: theirs is the status of the whole run.
    const isLast = !last || endMs > last.endMs || endMs === last.endMs && level === "root";
    const run = isLast
      ? { policy, scheduleType, endMs, status, successMs }
      : { ...last, successMs };
    setBounded(this.#policies, key, run, MAX_POLICIES);
  }

  #entryOf(
    { policy, scheduleType, client }: Pick<Completion, "policy" | "scheduleType" | "client">,
  ): PolicyClient {
    const key = keyOf(policy, scheduleType, client);
    const known = this.#clients.get(key);
    const entry = known ?? { policy, scheduleType, client, runs: new ClientRuns() };
    setBounded(this.#clients, key, entry, MAX_CLIENTS);
    return entry;
  }

  #noteParent(entry: PolicyClient): void {
    const id = entry.runs.openRun;
    if (id === undefined) return;
    const entries = this.#below.get(id) ?? new Set();
    setBounded(this.#below, id, entries.add(entry), MAX_PARENTS);
  }

  #endRun(parent: Completion): void {
    // Where a parent stands for many clients, each has succeeded or failed for itself.
    const failedClient = hasFailed(parent) ? parent.client : "";
    for (const { client, runs } of this.#below.get(parent.jobId) ?? []) {
      runs.endRun(parent.jobId, client === failedClient);
    }
    setBounded(this.#ended, parent.jobId, failedClient, MAX_PARENTS);
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
