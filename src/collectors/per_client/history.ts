/**
 * What is remembered of the jobs of each client on the allow list.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import { setBounded } from "../../base/bounded_map.ts";
import type { NameList } from "../options/name_list.ts";

/** Clients, and successes of theirs, that are remembered; those longest without a change give way. */
const MAX_CLIENTS = 20_000;
const MAX_SUCCESSES = 50_000;
/** Jobs within the window that are remembered. */
const MAX_WINDOW_JOBS = 50_000;

const text = v.string();
const integer = v.pipe(v.number(), v.integer());
const instant = v.pipe(v.number(), v.minValue(0));

/** A `ClientHistory` in a checkpoint. */
export const clientHistoryDocument = v.object({
  /** Client, and the end of its last successful backup. */
  backups: v.pipe(v.array(v.tuple([text, instant])), v.maxLength(MAX_CLIENTS)),
  /** Client, policy, action, and the end of the last successful job. */
  successes: v.pipe(v.array(v.tuple([text, text, text, instant])), v.maxLength(MAX_SUCCESSES)),
  /** Id, end, client, action and status of the jobs within the window. */
  window: v.pipe(
    v.array(v.tuple([integer, instant, text, text, integer])),
    v.maxLength(MAX_WINDOW_JOBS),
  ),
});

/** See `clientHistoryDocument`. */
export type ClientHistoryDocument = v.InferOutput<typeof clientHistoryDocument>;

/** The last success of a client by policy and action. */
export interface ClientSuccess {
  readonly client: string;
  readonly policy: string;
  readonly action: string;
  /** When the job ended, in milliseconds since the epoch. */
  readonly endMs: number;
}

/** A job as the window counts it. */
export interface WindowJob {
  readonly client: string;
  readonly action: string;
  readonly status: number;
  readonly endMs: number;
}

/** What collectors of clients remember across restarts. */
export class ClientHistory {
  readonly #backups = new Map<string, number>();
  readonly #successes = new Map<string, ClientSuccess>();
  /** By job id: one that is resumed and ends again counts once, with its last end. */
  readonly #window = new Map<number, WindowJob>();
  /** Clients whose older backups were looked up. It is not kept: what a restart missed is found anew. */
  readonly lookedUp = new Set<string>();

  /** Clients of which something is known. */
  get clients(): Iterable<string> {
    return new Set([...this.#backups.keys(), ...this.lookedUp]);
  }

  /** The last success by client, policy and action. */
  get successes(): Iterable<ClientSuccess> {
    return this.#successes.values();
  }

  /** End of the last successful backup, in milliseconds since the epoch; 0 = none is known. */
  lastBackup(client: string): number {
    return this.#backups.get(client) ?? 0;
  }

  /** Takes in a job that has ended. */
  observe(completion: Completion, { allowlist }: { readonly allowlist: NameList }): void {
    const { client, policy, action, status, endMs, jobId } = completion;
    if (client === "" || !allowlist.allows(client)) return;
    setBounded(this.#window, jobId, { client, action, status, endMs }, MAX_WINDOW_JOBS);
    if (!this.#backups.has(client)) this.noteBackup(client, 0);
    if (status !== 0) return;
    if (action === "BACKUP") this.noteBackup(client, endMs);
    this.noteSuccess({ client, policy, action, endMs });
  }

  /** Takes in a job that had ended before: here it is like any other. */
  observeEarlier(completion: Completion, options: { readonly allowlist: NameList }): void {
    this.observe(completion, options);
  }

  /** Notes the end of a successful backup; 0 = the client exists. An older one changes nothing. */
  noteBackup(client: string, endMs: number): void {
    setBounded(this.#backups, client, Math.max(endMs, this.lastBackup(client)), MAX_CLIENTS);
  }

  /** Notes a successful job. An older one changes nothing. */
  noteSuccess(success: ClientSuccess): void {
    const key = JSON.stringify([success.client, success.policy, success.action]);
    const known = this.#successes.get(key);
    if (known && known.endMs >= success.endMs) return;
    setBounded(this.#successes, key, success, MAX_SUCCESSES);
  }

  /** Evicts what is too old.
   *
   * @param beforeMs Successes that ended before are evicted.
   * @param keeps Clients that stay, however long ago they were backed up.
   */
  evict(beforeMs: number, keeps: (client: string) => boolean): void {
    for (const [key, { endMs }] of this.#successes) {
      if (endMs < beforeMs) this.#successes.delete(key);
    }
    for (const [client, endMs] of this.#backups) {
      // One that never succeeded stays: that is what there is to see.
      if (endMs > 0 && endMs < beforeMs && !keeps(client)) this.#backups.delete(client);
    }
  }

  /** Jobs that ended at or after a time. Older ones are evicted. */
  windowSince(startMs: number): Iterable<WindowJob> {
    for (const [jobId, { endMs }] of this.#window) if (endMs < startMs) this.#window.delete(jobId);
    return this.#window.values();
  }

  /** The history as a value for JSON. */
  serialize(): ClientHistoryDocument {
    return {
      backups: [...this.#backups],
      successes: [...this.#successes.values()].map((
        { client, policy, action, endMs },
      ) => [client, policy, action, endMs]),
      window: [...this.#window].map((
        [jobId, { endMs, client, action, status }],
      ) => [jobId, endMs, client, action, status]),
    };
  }

  /** Restores what was serialized. */
  restore({ backups, successes, window }: ClientHistoryDocument): void {
    for (const [client, endMs] of backups) this.noteBackup(client, endMs);
    for (const [client, policy, action, endMs] of successes) {
      this.noteSuccess({ client, policy, action, endMs });
    }
    for (const [jobId, endMs, client, action, status] of window) {
      setBounded(this.#window, jobId, { client, action, status, endMs }, MAX_WINDOW_JOBS);
    }
  }
}
