/**
 * The certificates of a primary and how long they are valid.
 *
 * @module
 */
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
import { DAY_MS } from "../../base/time_units.ts";
import type { Finding } from "./finding.ts";
import { expiryText } from "./expiry.ts";

/** What there is to know about one certificate. */
export interface Certificate {
  /** Common name, or what there is of its subject. */
  readonly subject: string;
  /** End of its validity, in milliseconds since the Unix epoch. */
  readonly notAfterMs: number;
}

/** A chain that is longer leads in circles. */
const MAX_CHAIN = 10;

/** Certificates are warned of when they expire within this time. */
const WARN_BEFORE_MS = 30 * DAY_MS;

/** The chain from the server's certificate up, as far as it is known. */
export function chainOf(
  peer: PeerCertificate | DetailedPeerCertificate | null,
): readonly Certificate[] {
  const chain: Certificate[] = [];
  const seen = new Set<string>();
  let current: PeerCertificate | undefined = peer ?? undefined;
  while (current?.valid_to && !seen.has(current.fingerprint256) && chain.length < MAX_CHAIN) {
    seen.add(current.fingerprint256);
    chain.push({ subject: subjectOf(current), notAfterMs: Date.parse(current.valid_to) });
    current = "issuerCertificate" in current
      ? (current as DetailedPeerCertificate).issuerCertificate
      : undefined;
  }
  return chain;
}

/** What is to be said about a chain. */
export function certificatesFinding(
  check: string,
  protocol: string,
  chain: readonly Certificate[],
  nowMs: number,
): Finding {
  const [first] = chain;
  if (!first) return { check, status: "ok", detail: `${protocol}, no certificate was shown` };
  const texts = chain.map(({ subject, notAfterMs }) =>
    `"${subject}" ${expiryText(notAfterMs, nowMs)}`
  );
  const detail = `${protocol}; ${texts.join("; ")}`;
  const next = chain.reduce((a, b) => b.notAfterMs < a.notAfterMs ? b : a);
  // Whether an expired one is a failure is up to the client: verification may be off.
  return next.notAfterMs - nowMs < WARN_BEFORE_MS
    ? { check, status: "warning", detail, fix: `Renew the certificate "${next.subject}".` }
    : { check, status: "ok", detail };
}

function subjectOf({ subject }: PeerCertificate): string {
  const names = [subject?.CN, subject?.O].flat().filter((name) => typeof name === "string");
  return names[0] ?? "unnamed";
}
