/**
 * Headers of exports, in the format of OTEL_EXPORTER_OTLP_HEADERS: `name=value` with commas in
 * between, values percent-encoded.
 *
 * @module
 */
import { Secret } from "../../base/secret.ts";

/** A header; its name is in small letters. */
export type OtlpHeader = readonly [name: string, value: Secret];

/** Headers, or what is wrong with them, without a word of a value. */
export type OtlpHeadersRead =
  | { readonly headers: readonly OtlpHeader[]; readonly fault?: undefined }
  | { readonly fault: string };

/** Reads headers; an empty text has none. */
export function readOtlpHeaders(text: string): OtlpHeadersRead {
  const headers: OtlpHeader[] = [];
  for (const item of text.split(",").filter((item) => item.trim() !== "")) {
    const [, name = "", encoded = ""] = /^\s*([\w.-]+)\s*=(.*)$/.exec(item) ?? [];
    if (name === "") return { fault: "a part has no name before an equals sign" };
    const value = decode(encoded.trim());
    if (value === undefined) return { fault: "write % in a value as %25" };
    if (!/^[\x20-\x7e]+$/.test(value)) return { fault: "a value is not a text in printable ASCII" };
    headers.push([name.toLowerCase(), new Secret(value)]);
  }
  return { headers };
}

/** The headers of a text that was read without a fault; none without a text. */
export function otlpHeaders(text: Secret | undefined): readonly OtlpHeader[] {
  const read = readOtlpHeaders(text?.reveal() ?? "");
  return read.fault === undefined ? read.headers : [];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
