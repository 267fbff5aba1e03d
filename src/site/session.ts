/**
 * What was negotiated with a primary: the API version, and whether it accepts the API key.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { HOUR_MS } from "../base/time_units.ts";
import type { ApiSession, NetBackupClient, RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import { NEWEST_VERSION } from "../netbackup/version.ts";
import type { Logger } from "../telemetry/logger.ts";
import { BadKeyError } from "./errors.ts";
import { KeyGuard } from "./key_guard.ts";
import { SharedRequest } from "./shared_request.ts";

/** Options of a session. */
export interface SessionOptions {
  readonly site: string;
  readonly client: NetBackupClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** API version from the configuration; undefined = detect. */
  readonly configuredVersion: string | undefined;
  /** Version that was in use before, with another key; undefined = none. */
  readonly knownVersion?: string | undefined;
  /** How often the site is polled, in milliseconds: a refused key waits for that long at first. */
  readonly pollIntervalMs: number;
}

/** Keeps an `ApiSession` and renews it when the primary changes. */
export interface SessionHolder {
  /** API version last in use, also while the key is refused; undefined before it is known. */
  readonly version: string | undefined;
  /**
   * The session, negotiated first if there is none. Callers at the same time share one negotiation.
   *
   * What is asked with its client and answered 401 throws a BadKeyError where the key itself is
   * refused, after which the session is gone; any other 401 is a missing permission. See `KeyGuard`.
   *
   * @throws BadKeyError When the key is refused; without a request if it was refused just now.
   * @throws NetBackupError When the primary cannot be asked.
   */
  ensure(context: RequestContext): Promise<ApiSession>;
  /**
   * A request got 406: finds out whether the primary speaks another version by now.
   *
   * @param session What the request was made with.
   * @param surprising The same request worked before, or works with every release: the primary is
   *   asked at once. Otherwise it is not asked where it was a short time ago, since releases lack
   *   endpoints for good.
   * @returns Whether there is a session with another version now.
   * @throws NetBackupError When the primary cannot be asked.
   */
  renegotiate(
    session: ApiSession,
    surprising: boolean,
    context: RequestContext,
  ): Promise<boolean>;
}

/** A version that was negotiated so short a time ago is not doubted, in milliseconds. */
const CONFIRMED_MS = 10 * 60_000;

/**
 * Lists that worked fail one after the other: the first of them asks for all, in milliseconds. Twice
 * as long after each time that nothing had changed.
 */
const MIN_SURPRISED_MS = 60_000;

/** A refused key is tried again after a pause, which doubles each time, in milliseconds. */
const MIN_REFUSAL_PAUSE_MS = 30_000;
const MAX_REFUSAL_PAUSE_MS = HOUR_MS;

/** Starts without a session. */
export function createSessionHolder(options: SessionOptions): SessionHolder {
  const { site, client, clock, logger, configuredVersion } = options;
  let current: ApiSession | undefined;
  let refusal: { readonly error: BadKeyError; readonly until: number } | undefined;
  let refusals = 0;
  let confirmedAt = -Infinity;
  let surprisedAt = -Infinity;
  let surprisedMs = MIN_SURPRISED_MS;
  let known = options.knownVersion;

  const refuse = (): BadKeyError => {
    current = undefined;
    const error = new BadKeyError(site);
    // Accounts get locked, and audit logs fill up, when a bad key is tried over and over. A little
    // less than an interval: the next poll is not to come too early.
    const first = Math.max(MIN_REFUSAL_PAUSE_MS, options.pollIntervalMs) * 0.9;
    const pause = Math.min(first * 2 ** refusals, Math.max(first, MAX_REFUSAL_PAUSE_MS));
    refusals += 1;
    refusal = { error, until: clock.monotonic() + pause };
    return error;
  };

  const refusedNow = (): BadKeyError | undefined =>
    refusal && clock.monotonic() < refusal.until ? refusal.error : undefined;

  const guard = new KeyGuard({ client, clock, refuse, refusal: refusedNow });

  const findVersion = async (context: RequestContext): Promise<string> => {
    try {
      return await client.detectVersion(context);
    } catch (error) {
      // Where the primary does not tell its version, finding it takes the key.
      const refused = error instanceof HttpStatusError && error.status === 401;
      if (refused && !await guard.accepts(NEWEST_VERSION, context)) throw refuse();
      throw error;
    }
  };

  const negotiate = async (context: RequestContext): Promise<ApiSession> => {
    const version = configuredVersion ?? await findVersion(context);
    if (!await guard.accepts(version, context)) throw refuse();
    refusal = undefined;
    refusals = 0;
    confirmedAt = clock.monotonic();
    if (known !== version) {
      logger.info("using API version", { version, configured: configuredVersion !== undefined });
    }
    current = { client: guard.client, version };
    known = version;
    return current;
  };

  const negotiation = new SharedRequest<ApiSession>();

  return {
    get version() {
      return known;
    },
    async ensure(context) {
      if (current) return current;
      const refused = refusedNow();
      if (refused) throw refused;
      return await negotiation.get(negotiate, context);
    },
    async renegotiate(session, surprising, context) {
      if (configuredVersion !== undefined) return false;
      // Another collector may have been faster.
      if (current && current.version !== session.version) return true;
      const now = clock.monotonic();
      const recently = surprising
        ? now - surprisedAt < surprisedMs
        : now - confirmedAt < CONFIRMED_MS;
      if (!negotiation.underWay && recently) return false;
      const { version } = await negotiation.get(negotiate, context);
      const changed = version !== session.version;
      if (surprising) surprisedAt = clock.monotonic();
      if (changed) surprisedMs = MIN_SURPRISED_MS;
      else if (surprising) surprisedMs = Math.min(2 * surprisedMs, CONFIRMED_MS);
      return changed;
    },
  };
}
