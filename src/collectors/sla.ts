/**
 * Clients by outcome per backup day.
 *
 * @module
 */
import * as v from "valibot";
import { HOUR_MS } from "../base/time_units.ts";
import { key } from "../config/schema/keys.ts";
import { counter, gauge } from "../metrics/define.ts";
import { type CompletionRun, defineCompletionCollector } from "./completion_collector.ts";
import { everyPoll } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";
import { namesOf, pausedAt, pausedList } from "./paused_clients.ts";
import { policyList } from "./policies/lists.ts";
import { policyClientList } from "./policy_clients.ts";
import { OUTCOMES, SlaClients, slaDocument } from "./sla/clients.ts";

/** How often the clients of policies are read, in milliseconds. */
const CLIENTS_INTERVAL_MS = HOUR_MS;
/** A day is counted this long after its end: jobs become visible late. In milliseconds. */
const COUNT_AFTER_MS = 15 * 60_000;

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const options = {
  dayStart: v.optional(
    key(
      v.pipe(
        v.string('a time of day such as "12:00"'),
        v.trim(),
        v.regex(TIME, 'a time of day such as "12:00"'),
        v.transform((text) => Temporal.PlainTime.from(text.padStart(5, "0"))),
      ),
      "When a backup day begins, in its time zone.",
    ),
    "12:00",
  ),
  timeZone: v.optional(
    key(
      v.pipe(
        v.string("the name of a time zone"),
        v.trim(),
        v.check(isTimeZone, 'the name of a time zone such as "Europe/Berlin"'),
      ),
      "Time zone of the backup days, as the IANA names it.",
    ),
    "UTC",
  ),
  policy: labelFilter("policies"),
  client: labelFilter("clients"),
};

const metrics = {
  clients: gauge(
    "nbu_clients",
    "Clients by outcome on the last backup day that is over: backed up with status 0 or 1, missed, first seen on that day, or excluded",
    ["state"],
  ),
  day: gauge(
    "nbu_clients_day_start_timestamp_seconds",
    "Start of the backup day for which the clients are counted by outcome",
  ),
  clientDays: counter(
    "nbu_client_outcomes_total",
    "Clients by outcome, summed over the backup days since the exporter first ran",
    ["state"],
  ),
};

class State extends SlaClients {
  /** When the clients of policies were read last, in milliseconds since the epoch. */
  readAt = -Infinity;
  /** Whether a client is in an active policy, for those that are in one at all. */
  members: ReadonlyMap<string, boolean> = new Map();
}

type SlaRun = CompletionRun<typeof metrics, typeof options, State>;

/** Says of how many clients the last backup day was met. */
export const sla = defineCompletionCollector({
  name: "sla",
  summary: "Clients by outcome per backup day.",
  interval: everyPoll,
  resources: { policyList, policyClientList, pausedList },
  metrics,
  options,
  section: { version: 1, schemas: { 1: slaDocument } },
  createState: () => new State(),
  counters(state, metrics) {
    for (const outcome of OUTCOMES) {
      metrics.clientDays.add({ state: outcome }, state.counts[outcome]);
    }
  },
  async collect(run) {
    const { state, metrics, options, primaryNow } = run;
    await readMembers(run);
    const excluded = await findExcluded(run);
    state.noteClients(state.members.keys(), primaryNow);
    state.evict(primaryNow, (client) => state.members.has(client));
    const day = state.lastDay(primaryNow, options);
    if (day) {
      if (primaryNow >= day.endMs + COUNT_AFTER_MS) state.countDays(day, options, excluded);
      const outcomes = state.outcomesOn(day, excluded);
      for (const outcome of OUTCOMES) metrics.clients.set({ state: outcome }, outcomes[outcome]);
      metrics.day.set({}, day.startMs / 1000);
    }
  },
});

/** Clients of policies are expected to be backed up, whether or not a job has ever been seen. */
async function readMembers({ state, options, now, readIfSupported }: SlaRun): Promise<void> {
  if (now - state.readAt < CLIENTS_INTERVAL_MS) return;
  const policies = await readIfSupported(policyList) ?? [];
  const inactive = new Set(policies.filter(({ active }) => active === false).map(({ id }) => id));
  const clients = await readIfSupported(policyClientList) ?? [];
  const members = new Map<string, boolean>();
  for (const { id, clientInfoType, policyNames } of clients) {
    const wanted = policyNames.filter((name) => options.policy.allows(name));
    // Instances of databases have no backups under their names.
    if (clientInfoType !== "HOST" || wanted.length === 0) continue;
    members.set(id, wanted.some((name) => !inactive.has(name)));
  }
  state.members = members;
  state.readAt = now;
}

/** Clients that are filtered, paused, or in policies only that are not active. */
async function findExcluded(
  { state, options, primaryNow, readIfSupported }: SlaRun,
): Promise<(client: string) => boolean> {
  const rows = await readIfSupported(pausedList) ?? [];
  const paused = namesOf(pausedAt(rows, primaryNow));
  return (client) =>
    !options.client.allows(client) || paused.has(client) || state.members.get(client) === false;
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
