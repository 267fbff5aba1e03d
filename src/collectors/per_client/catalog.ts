/**
 * The last successful backup of a client by the catalog, which knows it when its job is long gone.
 *
 * @module
 */
import { DAY_MS } from "../../base/time_units.ts";
import { instant, numeric, text } from "../../netbackup/fields.ts";
import { allOf, compare } from "../../netbackup/filters.ts";
import { listResource } from "../../netbackup/resource.ts";
import { row } from "../../netbackup/row.ts";
import type { CompletionRun } from "../completion_collector.ts";
import type { ClientSuccess } from "./history.ts";

/** `GET /catalog/images` (the vendor's catalog.yaml): it cannot be sorted. */
export const imageList = listResource({
  endpoint: "/catalog/images",
  permission: "|MANAGE|IMAGES|",
  since: "10.0",
  row: row({
    clientName: text(),
    policyName: text(),
    imageType: text("NORMAL"),
    backupTime: instant(),
    // Anything but a 0 that NetBackup gave is no success.
    backupStatus: numeric(-1),
    elapsedTimeSeconds: numeric(0, 0),
  }),
  key: ({ id }) => id,
});

/** Reads rows of a list, where there is one. */
export type ReadList = CompletionRun<
  Record<never, never>,
  Record<never, never>,
  unknown
>["readIfSupported"];

/** How far back is looked, in days, one after the other: most clients have an image of yesterday. */
const LOOK_BACK_DAYS = [2, 35, Infinity];

/**
 * Finds the last successful backups of a client, one by policy.
 *
 * @param sinceMs What ended before need not be found.
 * @throws NetBackupError When the catalog cannot be read.
 */
export async function lastBackupsOf(
  client: string,
  { readIfSupported, primaryNow }: {
    readonly readIfSupported: ReadList;
    readonly primaryNow: number;
  },
  sinceMs: number,
): Promise<readonly ClientSuccess[]> {
  for (const days of LOOK_BACK_DAYS) {
    const from = Math.max(0, primaryNow - days * DAY_MS);
    // Without a lower bound of our own NetBackup looks back 24 hours only.
    const filter = allOf(
      compare("clientName", "eq", client),
      compare("backupTime", "ge", new Date(from)),
    );
    const found = newestByPolicy(client, await readIfSupported(imageList, { filter }) ?? []);
    if (found.length > 0 || sinceMs >= from) return found;
  }
  return [];
}

function newestByPolicy(
  client: string,
  images: readonly {
    readonly clientName: string;
    readonly policyName: string;
    readonly imageType: string;
    readonly backupTime: number | undefined;
    readonly backupStatus: number;
    readonly elapsedTimeSeconds: number;
  }[],
): readonly ClientSuccess[] {
  const newest = new Map<string, ClientSuccess>();
  for (const image of images) {
    const { clientName, policyName: policy, imageType, backupTime, backupStatus } = image;
    // What was imported was backed up by another primary, or is only just listed.
    const counts = clientName === client && imageType === "NORMAL" && backupStatus === 0;
    if (!counts || backupTime === undefined) continue;
    const endMs = backupTime + image.elapsedTimeSeconds * 1000;
    if (endMs <= (newest.get(policy)?.endMs ?? 0)) continue;
    newest.set(policy, { client, policy, action: "BACKUP", endMs });
  }
  return [...newest.values()];
}
