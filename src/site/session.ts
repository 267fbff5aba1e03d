/**
 * What was negotiated with a primary: the API version, and whether it accepts the API key.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { ApiSession, NetBackupClient, RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import type { Logger } from "../telemetry/logger.ts";
import { BadKeyError } from "./errors.ts";

/** Options of a session. */
export interface SessionOptions {
  readonly site: string;
  readonly client: NetBackupClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** API version from the configuration; undefined = detect. */
  readonly configuredVersion: string | undefined;
  /** How long a refused key is not tried again, in milliseconds: less than one polling interval. */
  readonly refusalMs: number;
}

/** Keeps an `ApiSession` and renews it when the primary changes. */
export interface SessionHolder {
  /** API version in use; undefined before it is known. */
  readonly version: string | undefined;
  /**
   * The session, negotiated first if there is none. Callers at the same time share one negotiation.
   *
   * @throws BadKeyError When the key is refused; without a request if it was refused just now.
   * @throws NetBackupError When the primary cannot be asked.
   */
  ensure(context: RequestContext): Promise<ApiSession>;
  /**
   * A request was answered 401: finds out whether the key is bad or a permission is missing.
   *
   * @returns True when the key itself is refused; the session is then gone.
   * @throws NetBackupError When the primary cannot be asked.
   */
  keyRefused(session: ApiSession, context: RequestContext): Promise<boolean>;
  /**
   * A request was answered 406: finds out whether the primary speaks another version by now.
   *
   * @returns The new session, or undefined when the version is still the right one.
   * @throws NetBackupError When the primary cannot be asked.
   */
  renegotiate(session: ApiSession, context: RequestContext): Promise<ApiSession | undefined>;
}

/** Starts without a session. */
export function createSessionHolder(options: SessionOptions): SessionHolder {
  const { site, client, clock, logger, configuredVersion, refusalMs } = options;
  let current: ApiSession | undefined;
  let negotiation: Promise<ApiSession> | undefined;
  let keyCheck: Promise<boolean> | undefined;
  let refusal: { readonly error: BadKeyError; readonly until: number } | undefined;

  const refuse = (): BadKeyError => {
    current = undefined;
    const error = new BadKeyError(site);
    refusal = { error, until: clock.monotonic() + refusalMs };
    return error;
  };

  const negotiate = async (context: RequestContext): Promise<ApiSession> => {
    const version = configuredVersion ?? await client.detectVersion(context);
    if (!await acceptsKey(version, context)) throw refuse();
    refusal = undefined;
    if (current?.version !== version) {
      logger.info("API version chosen", { version, configured: configuredVersion !== undefined });
    }
    current = { client, version };
    return current;
  };

  const acceptsKey = async (version: string, context: RequestContext): Promise<boolean> => {
    try {
      return await client.verifyKey(version, context);
    } catch (error) {
      // The primary answered, only not to this question: the collectors will see for themselves.
      if (error instanceof HttpStatusError) return true;
      throw error;
    }
  };

  return {
    get version() {
      return current?.version;
    },
    async ensure(context) {
      if (current) return current;
      if (refusal && clock.monotonic() < refusal.until) throw refusal.error;
      negotiation ??= negotiate(context).finally(() => negotiation = undefined);
      return await negotiation;
    },
    async keyRefused(session, context) {
      if (refusal && clock.monotonic() < refusal.until) return true;
      keyCheck ??= acceptsKey(session.version, context)
        .then((accepted) => {
          if (!accepted) refuse();
          return !accepted;
        })
        .finally(() => keyCheck = undefined);
      return await keyCheck;
    },
    async renegotiate(session, context) {
      if (configuredVersion !== undefined) return undefined;
      // Another collector may have been faster.
      if (current && current.version !== session.version) return current;
      current = undefined;
      const next = await this.ensure(context);
      return next.version === session.version ? undefined : next;
    },
  };
}
