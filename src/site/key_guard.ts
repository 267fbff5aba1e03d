/**
 * Sees to it that an API key that NetBackup refuses is sent no more often than it takes to know that.
 *
 * After a pause the first request is a probe, and those that come meanwhile wait for its response.
 * When one gets 401, a single further request finds out whether the key is bad or a permission is
 * missing; until then no other request is sent, and after that none at all if the key is bad.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { abortable } from "../base/signals.ts";
import type { JsonRequest, NetBackupClient, RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import { clientWith } from "./client_with.ts";
import type { BadKeyError } from "./errors.ts";
import { SharedRequest } from "./shared_request.ts";

/** What a guard needs. */
export interface KeyGuardOptions {
  readonly client: NetBackupClient;
  readonly clock: Clock;
  /** The refusal in force; undefined = the key may be sent. */
  readonly refusal: () => BadKeyError | undefined;
  /** Notes that the key is refused. */
  readonly refuse: () => BadKeyError;
}

/** A request is a probe when none has had a response for this time, in milliseconds. */
const IDLE_MS = 500;

/** The others wait no longer for it, in milliseconds: a primary that is slow is not to become slower. */
const MAX_WAIT_MS = 2000;

/** The probe. */
interface Probe {
  readonly ended: Promise<void>;
  readonly begunMs: number;
}

/** Guards one key. */
export class KeyGuard {
  /** The client, whose requests wait where they must. */
  readonly client: NetBackupClient;
  readonly #options: KeyGuardOptions;
  #respondedMs = -Infinity;
  #inFlight = 0;
  #probe: Probe | undefined;
  readonly #check = new SharedRequest<BadKeyError | undefined>();

  constructor(options: KeyGuardOptions) {
    this.#options = options;
    this.client = clientWith(
      options.client,
      (request, context) => this.#getJson(request, context),
    );
  }

  /**
   * Asks NetBackup whether it accepts the key.
   *
   * @returns True also where the primary answers something else to this question: the collectors will
   *   see for themselves.
   * @throws NetBackupError When the primary cannot be asked.
   */
  async accepts(version: string, context: RequestContext): Promise<boolean> {
    const { client, clock } = this.#options;
    try {
      const accepted = await client.verifyKey(version, context);
      if (accepted) this.#respondedMs = clock.monotonic();
      return accepted;
    } catch (error) {
      if (error instanceof HttpStatusError) return true;
      throw error;
    }
  }

  /** @throws BadKeyError When the key is refused, now or lately; else as `NetBackupClient.getJson()`. */
  async #getJson(request: JsonRequest, context: RequestContext): Promise<unknown> {
    const { client, clock } = this.#options;
    const leave = await this.#enter(context);
    try {
      const body = await client.getJson(request, context);
      this.#respondedMs = clock.monotonic();
      return body;
    } catch (error) {
      if (error instanceof HttpStatusError && error.status === 401) {
        await this.#findOut(request.version, context);
      }
      throw error;
    } finally {
      leave();
    }
  }

  /** Waits until a request may be sent. Returns what is to be called when it has ended. */
  async #enter({ signal }: RequestContext): Promise<() => void> {
    const { clock, refusal } = this.#options;
    for (let waited: Probe | undefined;;) {
      signal.throwIfAborted();
      const error = refusal();
      if (error) throw error;
      const check = this.#check.underWay;
      const probe = this.#probe;
      if (check) await abortable(check.then(() => {}, () => {}), signal);
      else if (probe && probe !== waited) {
        waited = probe;
        await this.#waitFor(probe, signal);
      } else break;
    }
    const idle = clock.monotonic() - this.#respondedMs >= IDLE_MS;
    const isProbe = idle && this.#inFlight === 0;
    this.#inFlight++;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const own = { ended, begunMs: clock.monotonic() };
    if (isProbe) this.#probe = own;
    return () => {
      this.#inFlight--;
      if (this.#probe === own) this.#probe = undefined;
      resolve();
    };
  }

  async #waitFor({ ended, begunMs }: Probe, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const left = begunMs + MAX_WAIT_MS - clock.monotonic();
    if (left <= 0) return;
    using limit = startDeadline({
      clock,
      milliseconds: left,
      reason: () => "waited long enough",
      signals: [signal],
    });
    try {
      await abortable(ended, limit.signal);
    } catch (error) {
      if (!limit.expired) throw error;
    }
  }

  /**
   * A request got 401: finds out why, with one request for all that were.
   *
   * @throws BadKeyError When the key itself is refused.
   * @throws NetBackupError When the primary cannot be asked.
   */
  async #findOut(version: string, context: RequestContext): Promise<void> {
    const { refusal, refuse } = this.#options;
    const ask = async (context: RequestContext) =>
      await this.accepts(version, context) ? undefined : refuse();
    const refused = refusal() ?? await this.#check.get(ask, context);
    if (refused) throw refused;
  }
}
