/**
 * What is known of a primary beside what its lists contain.
 *
 * @module
 */
import type { WebCertificate } from "../netbackup/web_certificate.ts";
import type { CollectContext } from "./collector.ts";

/** Facts on the primary that a run reads from, as they are when they are looked at. */
export interface Primary {
  /** Version of its API that is in use, `14.0`. */
  readonly version: string;
  /**
   * Its present time in milliseconds since the Unix epoch, cut to seconds: what its last response said,
   * and the time that has passed since. Undefined before the first response that told the time.
   */
  readonly timeMs: number | undefined;
  /** By how much its clock is ahead of ours, in milliseconds; undefined where its time is. */
  readonly clockSkewMs: number | undefined;
  /** The name that NetBackup has for the API key in use; undefined where it is not known. */
  readonly apiKeyTag: string | undefined;
  /**
   * Reads the certificate of its web server with a TLS handshake.
   *
   * @returns Undefined where it cannot be seen: over plain HTTP, and behind a proxy.
   * @throws NetBackupError When the handshake fails.
   */
  webCertificate(): Promise<WebCertificate | undefined>;
}

/** The facts on the primary of a run. */
export function primaryOf({ session, clock, request }: CollectContext): Primary {
  const { client, version } = session;
  return {
    version,
    get timeMs() {
      const last = client.serverTime;
      return last && last.serverMs + clock.monotonic() - last.monotonicMs;
    },
    get clockSkewMs() {
      return this.timeMs === undefined ? undefined : this.timeMs - clock.now();
    },
    apiKeyTag: client.apiKeyTag,
    webCertificate: async () => await client.webCertificate?.(request),
  };
}
