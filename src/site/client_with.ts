/**
 * Clients whose requests pass through something.
 *
 * @module
 */
import type { NetBackupClient } from "../netbackup/api.ts";

/** The client with another way to get JSON, and all else as it is. */
export function clientWith(
  client: NetBackupClient,
  getJson: NetBackupClient["getJson"],
): NetBackupClient {
  return {
    ...client,
    // It changes with each response: a copy would stand still.
    get serverTime() {
      return client.serverTime;
    },
    getJson,
  };
}
