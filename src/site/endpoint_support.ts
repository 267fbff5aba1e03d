/**
 * Which endpoints the release of a primary has, as found out by asking.
 *
 * @module
 */
import { DAY_MS } from "../base/time_units.ts";
import type { Endpoint } from "../netbackup/resource.ts";
import { compareVersions, OLDEST_VERSION } from "../netbackup/version.ts";

/** An endpoint that is missing is asked for again after this time, in milliseconds. */
const ASK_AGAIN_MS = DAY_MS;

/** The same where that is not certain. */
const CONFIRM_MS = 15 * 60_000;

interface Finding {
  readonly version: string;
  readonly works: boolean;
  readonly at: number;
  readonly confirmed: boolean;
}

/** What is known of the endpoints of one primary, for the API version that it was found out with. */
export class EndpointSupport {
  readonly #monotonic: () => number;
  readonly #findings = new Map<string, Finding>();

  /** @param monotonic Milliseconds of a clock that never goes backwards. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Notes that an endpoint was asked for, and whether it is there.
   *
   * @param certain It is missing for good, as 406 says; 404 is also what web services answer that are
   *   just starting.
   */
  note(endpoint: string, version: string, works: boolean, certain = true): void {
    const at = this.#monotonic();
    const known = this.#finding(endpoint, version);
    // Requests that were under way at the same time do not confirm each other.
    const again = known?.works === false && (known.confirmed || at - known.at >= CONFIRM_MS);
    this.#findings.set(endpoint, { version, works, at, confirmed: certain || again });
  }

  /** Whether an endpoint has worked with this version, and was not found missing since. */
  works(endpoint: string, version: string): boolean {
    return this.#finding(endpoint, version)?.works === true;
  }

  /** Whether it is surprising that an endpoint is missing: it was there, or every release has it. */
  expects({ endpoint, since }: Endpoint, version: string): boolean {
    return compareVersions(since, OLDEST_VERSION) <= 0 || this.works(endpoint, version);
  }

  /** Whether an endpoint was found missing with this version, so lately that it is not asked for. */
  isMissing(endpoint: string, version: string): boolean {
    const finding = this.#finding(endpoint, version);
    if (finding?.works !== false) return false;
    const pause = finding.confirmed ? ASK_AGAIN_MS : CONFIRM_MS;
    return this.#monotonic() - finding.at < pause;
  }

  #finding(endpoint: string, version: string): Finding | undefined {
    const finding = this.#findings.get(endpoint);
    return finding?.version === version ? finding : undefined;
  }
}
