/**
 * Puts the web configuration around a handler: rate limit, authentication, headers.
 *
 * @module
 */
import type { Clock } from "../../base/clock.ts";
import type { Handler } from "../listener.ts";
import { DecoyHashes } from "./bcrypt_hash.ts";
import { parseCredentials } from "./credentials.ts";
import type { PasswordChecker, PasswordVerdict } from "./password_checker.ts";
import { RateLimiter } from "./rate_limiter.ts";
import type { WebConfig } from "./types.ts";

/** What protecting needs. */
export interface ProtectOptions {
  readonly config: WebConfig;
  /** Outlives the configuration, and so do its verdicts. */
  readonly passwords: PasswordChecker;
  readonly clock: Clock;
}

/** A handler that lets through to `handler` what the configuration allows. */
export function protect(handler: Handler, options: ProtectOptions): Handler {
  const { config: { rateLimit, users, headers }, clock } = options;
  const limiter = rateLimit && new RateLimiter(rateLimit, clock.monotonic());
  const verdictOn = users.size > 0 ? createVerdict(options) : undefined;
  const respond = async (request: Request): Promise<Response> => {
    if (limiter && !limiter.allow(clock.monotonic())) return refuse(429, "Too many requests\n");
    const verdict = verdictOn ? await verdictOn(request) : "accepted";
    if (verdict === "accepted") return await handler(request);
    return verdict === "busy"
      ? refuse(503, "Too many password checks, try again later\n", { "Retry-After": "1" })
      : refuse(401, "Unauthorized\n", {
        "WWW-Authenticate": 'Basic realm="nbu_exporter", charset="UTF-8"',
      });
  };
  if (headers.size === 0) return respond;
  return async function withConfiguredHeaders(request) {
    const response = await respond(request);
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  };
}

function createVerdict(
  { config: { users }, passwords }: ProtectOptions,
): (request: Request) => PasswordVerdict | Promise<PasswordVerdict> {
  const hashes = [...users.values()].map((hash) => hash.reveal());
  const decoys = new DecoyHashes(hashes, passwords.key);
  return (request) => {
    const credentials = parseCredentials(request.headers.get("Authorization"));
    if (!credentials) return "refused";
    const { user, password } = credentials;
    const hash = users.get(user)?.reveal();
    return passwords.check(user, password, hash ?? decoys.of(user), hash !== undefined);
  };
}

function refuse(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, {
    status,
    headers: {
      "Content-Type": "text/plain; charset=UTF-8",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
      ...headers,
    },
  });
}
