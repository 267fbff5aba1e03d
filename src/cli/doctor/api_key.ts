/**
 * The API key: whether the primary accepts it, and when it expires.
 *
 * @module
 */
import * as v from "valibot";
import type { Clock } from "../../base/clock.ts";
import type { Secret } from "../../base/secret.ts";
import { DAY_MS } from "../../base/time_units.ts";
import type { ApiSession, RequestContext } from "../../netbackup/api.ts";
import { expiryText } from "./expiry.ts";
import { failedWith, type Finding } from "./finding.ts";

/** Keys are warned of when they expire within this time, in milliseconds. */
const WARN_BEFORE_MS = 30 * DAY_MS;

/** Bytes of a key that make up its tag. */
const TAG_BYTES = 8;

const details = v.object({
  data: v.object({ attributes: v.object({ expiryDateTime: v.string() }) }),
});

/** Asks the primary about the key. */
export async function checkKey(
  session: ApiSession,
  apiKey: Secret,
  context: RequestContext,
  clock: Clock,
): Promise<Finding> {
  const check = "key";
  const begin = clock.monotonic();
  try {
    const accepted = await session.client.verifyKey(session.version, context);
    const milliseconds = clock.monotonic() - begin;
    if (!accepted) {
      return {
        check,
        status: "failed",
        detail: "NetBackup refuses the API key: it is wrong, expired or revoked",
        fix: 'Create a new key and put it into "apiKey" or the file named by "apiKeyFile".',
        milliseconds,
      };
    }
    return {
      ...expiryFinding(await expiryOf(session, apiKey, context), clock.now()),
      milliseconds,
    };
  } catch (error) {
    return failedWith(check, error, clock.monotonic() - begin);
  }
}

function expiryFinding(expiryMs: number | undefined, nowMs: number): Finding {
  if (expiryMs === undefined) {
    return {
      check: "key",
      status: "ok",
      detail: "accepted; no expiry reported by the primary",
    };
  }
  const detail = `accepted, ${expiryText(expiryMs, nowMs)}`;
  return expiryMs - nowMs < WARN_BEFORE_MS
    ? { check: "key", status: "warning", detail, fix: "Create a new API key in time." }
    : { check: "key", status: "ok", detail };
}

/**
 * When the key expires, in milliseconds since the Unix epoch. A key may read about itself whatever its
 * role (the vendor's security.yaml).
 *
 * @returns Undefined where the primary does not report it.
 */
async function expiryOf(
  { client, version }: ApiSession,
  apiKey: Secret,
  context: RequestContext,
): Promise<number | undefined> {
  const tag = tagOf(apiKey.reveal());
  if (tag === undefined) return undefined;
  try {
    const response = v.parse(
      details,
      await client.getJson({
        endpoint: "/security/api-keys/{apiKeyTag}",
        path: `/security/api-keys/${encodeURIComponent(tag)}`,
        version,
      }, context),
    );
    const expiryMs = Date.parse(response.data.attributes.expiryDateTime);
    return Number.isNaN(expiryMs) ? undefined : expiryMs;
  } catch {
    // The key is good, which is what was asked; its expiry is an extra.
    return undefined;
  }
}

/**
 * The tag that names a key without being secret: its first eight bytes, as the vendor's example shows.
 *
 * @returns Undefined for what is no base64.
 */
export function tagOf(apiKey: string): string | undefined {
  try {
    const text = apiKey.replaceAll("-", "+").replaceAll("_", "/").slice(0, 12);
    return btoa(atob(text).slice(0, TAG_BYTES));
  } catch {
    return undefined;
  }
}
