/**
 * Clients whose backups are paused.
 *
 * @module
 */
import { instant, text } from "../netbackup/fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";

/** `GET /config/paused-clients` (the vendor's hostproperties.yaml). */
export const pausedList = listResource({
  endpoint: "/config/paused-clients",
  permission: "|MANAGE|HOSTS|HOST-PROPERTIES|",
  since: "10.0",
  row: row({
    clientUniqueIdentifier: text(),
    displayName: text(),
    triggerMethod: text("UNKNOWN"),
    blockedUntilTime: instant(),
  }),
  key: ({ id }) => id,
});

/** A row of the list. */
export interface PausedClient {
  readonly clientUniqueIdentifier: string;
  readonly displayName: string;
  /** What paused it, `AUTOMATIC` or `MANUAL`. */
  readonly triggerMethod: string;
  /** In milliseconds since the epoch; undefined = until somebody resumes it. */
  readonly blockedUntilTime: number | undefined;
}

/** Those of the list that are paused at a time: the end of a pause may have passed. */
export function pausedAt(rows: readonly PausedClient[], nowMs: number): readonly PausedClient[] {
  return rows.filter(({ blockedUntilTime = Infinity }) => blockedUntilTime > nowMs);
}

/** The names by which paused clients may be known to jobs and policies. */
export function namesOf(clients: readonly PausedClient[]): ReadonlySet<string> {
  const names = clients.flatMap((
    { clientUniqueIdentifier, displayName },
  ) => [clientUniqueIdentifier, displayName]);
  return new Set(names);
}
