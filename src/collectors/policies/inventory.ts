/**
 * The policies as they are configured: which are active, how often they are to run, and for whom.
 *
 * @module
 */
import { HOUR_MS } from "../../base/time_units.ts";
import { HttpStatusError, NetBackupError } from "../../netbackup/errors.ts";
import { resourceAt } from "../../netbackup/resource.ts";
import type { CompletionRun } from "../completion_collector.ts";
import type { PolicySchedule } from "./expectations.ts";
import { policyDetail, policyList } from "./lists.ts";

/** A policy with what its details say. */
export interface PolicyDetails {
  readonly clients: readonly string[];
  readonly schedules: readonly PolicySchedule[];
}

/** What the inventory needs of a run. */
export type InventoryRun = Pick<
  CompletionRun<Record<never, never>, Record<never, never>, unknown>,
  "now" | "read" | "readIfSupported" | "logger"
>;

/** How often the list of policies is read, in milliseconds. */
const LIST_INTERVAL_MS = 15 * 60_000;
/** How often the details of each policy are read, in milliseconds. */
const DETAILS_INTERVAL_MS = 6 * HOUR_MS;
/** Policies whose details are read in one run, with one request each. */
const MAX_DETAILS = 50;

interface KnownPolicy {
  active: boolean | undefined;
  details: PolicyDetails | undefined;
  detailsReadAt: number;
}

/** Policies as they were read last. It is not kept across restarts. */
export class PolicyInventory {
  readonly #policies = new Map<string, KnownPolicy>();
  #listReadAt = -Infinity;

  /** Policies that exist. */
  get names(): Iterable<string> {
    return this.#policies.keys();
  }

  /** Whether a policy is active; undefined where NetBackup does not say. */
  isActive(policy: string): boolean | undefined {
    return this.#policies.get(policy)?.active;
  }

  /** What the details of a policy say; undefined while they are not read. */
  detailsOf(policy: string): PolicyDetails | undefined {
    return this.#policies.get(policy)?.details;
  }

  /**
   * Brings the inventory up to date, as far as one run may ask for it.
   *
   * @param wants Whether a policy is of interest.
   * @throws NetBackupError When something cannot be read that is not the fault of one policy.
   */
  async refresh(run: InventoryRun, wants: (policy: string) => boolean): Promise<void> {
    const { now } = run;
    if (now - this.#listReadAt >= LIST_INTERVAL_MS) {
      const policies = await run.readIfSupported(policyList) ?? [];
      const active = new Map(
        policies.filter(({ id }) => wants(id)).map((row) => [row.id, row.active]),
      );
      for (const name of this.#policies.keys()) if (!active.has(name)) this.#policies.delete(name);
      for (const [name, isActive] of active) {
        const known = this.#policies.get(name) ?? { details: undefined, detailsReadAt: -Infinity };
        this.#policies.set(name, { ...known, active: isActive ?? undefined });
      }
      this.#listReadAt = now;
    }
    const due = [...this.#policies]
      .filter(([, { detailsReadAt }]) => now - detailsReadAt >= DETAILS_INTERVAL_MS)
      .sort(([, a], [, b]) => a.detailsReadAt - b.detailsReadAt)
      .slice(0, MAX_DETAILS);
    for (const [name, policy] of due) {
      policy.details = await readDetails(name, run);
      policy.detailsReadAt = now;
    }
  }
}

/** Reads the details of one policy; undefined where just these cannot be had. */
async function readDetails(
  policyName: string,
  { readIfSupported, logger }: InventoryRun,
): Promise<PolicyDetails | undefined> {
  try {
    const [row] = await readIfSupported(resourceAt(policyDetail, { policyName })) ?? [];
    if (!row) return undefined;
    const { clients, schedules } = row.policyGeneric;
    return { schedules, clients: clients.map(({ hostName }) => hostName).filter(isClient) };
  } catch (error) {
    if (!isFaultOfOne(error)) throw error;
    logger.warn("cannot read policy details: skipping the overdue check for its clients", {
      policy: policyName,
      error,
    });
    return undefined;
  }
}

/** A policy may be deleted meanwhile, be of a type that the API cannot show, or have an odd name. */
function isFaultOfOne(error: unknown): boolean {
  if (error instanceof HttpStatusError) return [400, 404, 500, 501].includes(error.status);
  return error instanceof RangeError ||
    error instanceof NetBackupError && error.reason === "parse";
}

/** Policies of virtual machines may have a query in place of clients, which no job is named after. */
function isClient(hostName: string): boolean {
  return hostName !== "" && hostName !== "MEDIA_SERVER" && !hostName.includes(":/");
}
