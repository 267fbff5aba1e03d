/**
 * Policies: when they last ran, whether they ran as often as they should, and whether their backups
 * are as large as usual.
 *
 * @module
 */
import * as v from "valibot";
import { DAY_MS } from "../base/time_units.ts";
import { key } from "../config/schema/keys.ts";
import { decimal, duration } from "../config/schema/leaves.ts";
import { type CompletionRun, defineCompletionCollector } from "./completion_collector.ts";
import { everyPoll } from "./define.ts";
import { namesOf, pausedAt, pausedList } from "./paused_clients.ts";
import { labelFilter } from "./options/label_filter.ts";
import { type Expectation, expectationsOf } from "./policies/expectations.ts";
import type { HistoryOptions } from "./policies/history.ts";
import { policyDetail, policyList } from "./policies/lists.ts";
import * as metrics from "./policies/metrics.ts";
import { PolicyState, policyStateDocument } from "./policies/state.ts";

/** What has not run for this long is evicted: there are backups that run once a year. */
const MAX_AGE_MS = 400 * DAY_MS;
/** A client that has not been tried for this long is no longer failing, but gone. */
const MAX_FAILING_AGE_MS = 35 * DAY_MS;

const options = {
  policy: labelFilter("policies"),
  client: labelFilter("clients"),
  calendarInterval: v.optional(
    key(
      duration({ min: "positive" }),
      "How often schedules by calendar are expected to succeed; nothing is expected unless given.",
    ),
  ),
  overdueFactor: v.optional(
    key(
      v.pipe(decimal(), v.minValue(1, "a number of 1 or more")),
      "A client is overdue after this many times the frequency of a schedule.",
    ),
    "1.5",
  ),
};

type PolicyCollectorRun = CompletionRun<typeof metrics, typeof options, PolicyState>;

/** Says of each policy how its backups are going. */
export const policies = defineCompletionCollector({
  name: "policies",
  summary: "Policies: last runs, overdue clients, failures in a row, backups of unusual size.",
  interval: everyPoll,
  resources: { policyList, policyDetail, pausedList },
  labels: {
    schedule_type: "Type of the schedule as jobs name it, `FULL_BACKUP` …",
    extreme: "`lowest` or `highest` of the clients of the policy",
    trigger: "What paused the client: `AUTOMATIC` or `MANUAL`, or else `UNKNOWN`",
  },
  metrics: { ...metrics },
  options,
  section: { version: 1, schemas: { 1: policyStateDocument } },
  createState: () => new PolicyState(),
  async collect(run) {
    const { state, options, primaryNow } = run;
    await state.inventory.refresh(run, (policy) => options.policy.allows(policy));
    const paused = await readPaused(run);
    state.history.evict(primaryNow - MAX_AGE_MS);
    setRuns(run);
    setClients(run, paused);
    setFailures(run);
    setDeviations(run);
  },
});

async function readPaused(
  { readIfSupported, metrics, primaryNow }: PolicyCollectorRun,
): Promise<ReadonlySet<string>> {
  const paused = pausedAt(await readIfSupported(pausedList) ?? [], primaryNow);
  for (const { triggerMethod } of paused) metrics.paused.add({ trigger: triggerMethod }, 1);
  return namesOf(paused);
}

function setRuns({ state, metrics, options }: PolicyCollectorRun): void {
  for (const { policy, scheduleType, endMs, status, successMs } of state.history.policies) {
    if (!options.policy.allows(policy)) continue;
    const labels = { policy, schedule_type: scheduleType };
    metrics.lastRun.set(labels, endMs / 1000);
    metrics.lastStatus.set(labels, status);
    metrics.lastSuccess.set(labels, successMs / 1000);
  }
}

function setClients(
  { state, metrics, options, primaryNow }: PolicyCollectorRun,
  paused: ReadonlySet<string>,
): void {
  const { inventory } = state;
  for (const policy of inventory.names) {
    const isActive = inventory.isActive(policy);
    if (isActive !== undefined) metrics.active.set({ policy }, isActive ? 1 : 0);
    const details = inventory.detailsOf(policy);
    if (!details) continue;
    const clients = details.clients.filter((client) => options.client.allows(client));
    metrics.clients.set({ policy }, clients.length);
    const expectations = expectationsOf(details.schedules, options.calendarInterval);
    const since = new Map(
      clients.map((client) => [client, state.members.note(policy, client, primaryNow)]),
    );
    // A policy that is not active, or that nothing is expected of, has no client that is late.
    if (!isActive || expectations.length === 0) continue;
    // Whose clients are found by a query has some that nobody lists: 0 would say that all is well.
    if (details.clients.length === 0) continue;
    const isLate = (client: string) => ({ everyMs, types }: Expectation) => {
      // One that was never backed up, as far as is known, has as much time as one that was.
      const last = Math.max(
        state.history.lastSuccess(policy, client, types),
        since.get(client) ?? 0,
      );
      return primaryNow - last > everyMs * options.overdueFactor;
    };
    const overdue = clients
      .filter((client) => !paused.has(client) && expectations.some(isLate(client)));
    metrics.overdue.set({ policy }, overdue.length);
  }
}

function setFailures({ state, metrics, options, primaryNow }: PolicyCollectorRun): void {
  for (const { policy, scheduleType, client, runs } of state.history.clients) {
    if (!isWanted(options, policy, client) || runs.failures === 0) continue;
    if (primaryNow - runs.lastEndMs > MAX_FAILING_AGE_MS) continue;
    metrics.failures.set({ client, policy, schedule_type: scheduleType }, runs.failures);
  }
}

function setDeviations({ state, metrics, options }: PolicyCollectorRun): void {
  const extremes = new Map<string, { policy: string; scheduleType: string; ratios: number[] }>();
  for (const { policy, scheduleType, client, runs } of state.history.clients) {
    const ratio = runs.sizeRatio;
    if (ratio === undefined || !isWanted(options, policy, client)) continue;
    const id = JSON.stringify([policy, scheduleType]);
    const entry = extremes.get(id) ?? { policy, scheduleType, ratios: [] };
    entry.ratios.push(ratio);
    extremes.set(id, entry);
  }
  for (const { policy, scheduleType, ratios } of extremes.values()) {
    const labels = { policy, schedule_type: scheduleType };
    metrics.deviation.set({ ...labels, extreme: "lowest" }, Math.min(...ratios));
    metrics.deviation.set({ ...labels, extreme: "highest" }, Math.max(...ratios));
  }
}

function isWanted(options: HistoryOptions, policy: string, client: string): boolean {
  return options.policy.allows(policy) && options.client.allows(client);
}
