/**
 * Which endpoints the release of a primary has, as found out by asking.
 *
 * @module
 */

/** An endpoint that is missing is asked for again after this time, in milliseconds. */
const ASK_AGAIN_MS = 24 * 60 * 60_000;

interface Finding {
  readonly version: string;
  readonly works: boolean;
  readonly at: number;
}

/** What is known of the endpoints of one primary, for the API version that it was found out with. */
export class EndpointSupport {
  readonly #monotonic: () => number;
  readonly #findings = new Map<string, Finding>();

  /** @param monotonic Milliseconds of a clock that never goes backwards. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Notes that an endpoint was asked for, and whether it is there. */
  note(endpoint: string, version: string, works: boolean): void {
    this.#findings.set(endpoint, { version, works, at: this.#monotonic() });
  }

  /** Whether an endpoint has worked with this version, and not failed since. */
  works(endpoint: string, version: string): boolean {
    return this.#finding(endpoint, version)?.works === true;
  }

  /** Whether an endpoint was found missing with this version, less than a day ago. */
  isMissing(endpoint: string, version: string): boolean {
    const finding = this.#finding(endpoint, version);
    return finding?.works === false && this.#monotonic() - finding.at < ASK_AGAIN_MS;
  }

  #finding(endpoint: string, version: string): Finding | undefined {
    const finding = this.#findings.get(endpoint);
    return finding?.version === version ? finding : undefined;
  }
}
