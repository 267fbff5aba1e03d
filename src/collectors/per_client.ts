/**
 * Metrics per client, for the clients on an allow list.
 *
 * @module
 */
import { DAY_MS, HOUR_MS } from "../base/time_units.ts";
import { gauge } from "../metrics/define.ts";
import { NetBackupError } from "../netbackup/errors.ts";
import { policyClientList } from "./policy_clients.ts";
import { type CompletionRun, defineCompletionCollector } from "./completion_collector.ts";
import { everyPoll } from "./define.ts";
import { nameList } from "./options/name_list.ts";
import { imageList, lastBackupsOf } from "./per_client/catalog.ts";
import { ClientHistory, clientHistoryDocument } from "./per_client/history.ts";

/** Clients that are looked up in one run, with one to three requests each. */
const MAX_LOOK_UPS = 100;
/** Successes older than this are evicted: policies are renamed, and clients given up. */
const MAX_AGE_MS = 400 * DAY_MS;
/** How often the clients of all policies are read, in milliseconds. */
const CLIENTS_INTERVAL_MS = HOUR_MS;

const options = {
  allowlist: nameList(
    "client",
    "Names of the clients, or globs (* any text, ? any character); an empty list gives no series.",
  ),
};

const metrics = {
  lastBackup: gauge(
    "nbu_client_last_successful_backup_timestamp_seconds",
    "End of the client's last backup job with status 0, or of the backup that the catalog has; 0 when there is none",
    ["client"],
  ),
  jobs: gauge(
    "nbu_client_jobs_count",
    "Jobs of the client that ended within the look-back window",
    ["client", "action", "status"],
  ),
  lastSuccess: gauge(
    "nbu_client_last_job_success_seconds",
    "End of the client's last job with status 0 by policy and action",
    ["client", "policy", "action"],
  ),
  pending: gauge(
    "nbu_client_lookups_pending",
    "Clients on the allow list whose last backup is not looked up in the catalog yet",
  ),
};

class State extends ClientHistory {
  /** When the clients of all policies were read last, in milliseconds since the epoch. */
  clientsReadAt = -Infinity;
  /** Permissions that are lacking were named in the log. */
  readonly warned = new Set<string>();
}

type ClientRun = CompletionRun<typeof metrics, typeof options, State>;

/** Says of each client on an allow list when it was last backed up, and how its jobs ended. */
export const perClient = defineCompletionCollector({
  name: "perClient",
  summary: "Metrics per client, for the clients on an allow list.",
  interval: everyPoll,
  resources: { imageList, policyClientList },
  metrics,
  options,
  section: { version: 1, schemas: { 1: clientHistoryDocument } },
  createState: () => new State(),
  async collect(run) {
    const { state, metrics, options: { allowlist }, primaryNow, windowMs } = run;
    const named = new Set(allowlist.exact);
    state.evict(primaryNow - MAX_AGE_MS, (client) => named.has(client));
    for (const client of named) state.noteBackup(client, state.lastBackup(client));
    await findClients(run);
    metrics.pending.set({}, await lookUp(run));
    for (const client of state.clients) {
      if (!allowlist.allows(client)) continue;
      const endMs = state.lastBackup(client);
      // Until it is looked up, a client may have a backup that nobody has told of.
      if (endMs > 0 || state.lookedUp.has(client)) {
        metrics.lastBackup.set({ client }, endMs / 1000);
      }
    }
    for (const { client, policy, action, endMs } of state.successes) {
      if (allowlist.allows(client)) {
        metrics.lastSuccess.set({ client, policy, action }, endMs / 1000);
      }
    }
    for (const { client, action, status } of state.windowSince(primaryNow - windowMs)) {
      if (allowlist.allows(client)) metrics.jobs.add({ client, action, status: `${status}` }, 1);
    }
  },
});

/** Globs stand for clients that have to be found out. */
async function findClients(run: ClientRun): Promise<void> {
  const { state, now, options: { allowlist }, readIfSupported } = run;
  if (!allowlist.hasGlobs || now - state.clientsReadAt < CLIENTS_INTERVAL_MS) return;
  const clients = await unlessForbidden(run, () => readIfSupported(policyClientList));
  if (!clients) return;
  state.clientsReadAt = now;
  for (const { id } of clients) {
    if (allowlist.allows(id)) state.noteBackup(id, state.lastBackup(id));
  }
}

/**
 * Looks up the last backups of clients that were not looked up yet.
 *
 * @returns How many are left.
 */
async function lookUp(run: ClientRun): Promise<number> {
  const { state, options: { allowlist }, readIfSupported, primaryNow } = run;
  const waiting = [...state.clients]
    .filter((client) => allowlist.allows(client) && !state.lookedUp.has(client));
  for (const client of waiting.slice(0, MAX_LOOK_UPS)) {
    const known = state.lastBackup(client);
    const found = await unlessForbidden(
      run,
      () => lastBackupsOf(client, { readIfSupported, primaryNow }, known),
    );
    if (!found) return waiting.filter((client) => !state.lookedUp.has(client)).length;
    for (const success of found) {
      state.noteBackup(client, success.endMs);
      state.noteSuccess(success);
    }
    state.lookedUp.add(client);
  }
  return Math.max(0, waiting.length - MAX_LOOK_UPS);
}

/** What the jobs say is worth publishing without the catalog: the Go exporter asks for no more. */
async function unlessForbidden<T>(
  { state, logger }: Pick<ClientRun, "state" | "logger">,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof NetBackupError) || error.reason !== "forbidden") throw error;
    const { endpoint, message } = error;
    if (!state.warned.has(endpoint)) {
      logger.warn("cannot look up older client backups: using jobs only", {
        error: message,
      });
    }
    state.warned.add(endpoint);
    return undefined;
  }
}
