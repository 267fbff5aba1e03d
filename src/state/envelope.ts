/**
 * The form of a checkpoint file: one line of JSON that says what it is, then the sections as JSON.
 *
 * @module
 */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { createPause, jsonPieces, type Pause } from "./json_pieces.ts";
import type { Sections } from "./section.ts";

/** What marks a file as ours. */
const FORMAT = "nbu_exporter checkpoint";

/** Version of the envelope. A file of a later one is not read. */
export const CHECKPOINT_VERSION = 2;

/** Until this version, all there was in a file was the present section `ledger`, version 1. */
const LAST_WITHOUT_SECTIONS = 1;

const NEWLINE = 10;

/** Whose checkpoint it is. */
export interface CheckpointOwner {
  /** Name of the site. */
  readonly site: string;
  /** Base URL of its primary: of another primary nothing is known. */
  readonly primary: string;
}

/** Why a file is not used. */
export type Refusal = "damaged" | "newer" | "other-primary";

/** What a file turned out to be. */
export type Opened =
  | { readonly sections: Sections }
  | { readonly refusal: Refusal; readonly detail: string };

const header = v.object({
  format: v.literal(FORMAT),
  version: v.number(),
  site: v.string(),
  primary: v.string(),
  bytes: v.number(),
  sha256: v.string(),
});

const content = v.object({
  sections: v.record(v.string(), v.object({ version: v.number(), content: v.unknown() })),
});

/** Size of a part of a file, in characters. */
const PART_SIZE = 256 * 1024;

/**
 * Puts sections into an envelope, without stopping others for long.
 *
 * @returns The bytes of the file, in parts: sections are megabytes, and not to be copied for a line.
 */
export async function sealEnvelope(
  owner: CheckpointOwner,
  sections: Sections,
  pause: Pause = createPause(),
): Promise<readonly Uint8Array[]> {
  const encoder = new TextEncoder();
  const hash = createHash("sha256");
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let text = "";
  const add = () => {
    const part = encoder.encode(text);
    hash.update(part);
    parts.push(part);
    bytes += part.length;
    text = "";
  };
  for await (const piece of jsonPieces({ sections }, pause)) {
    text += piece;
    if (text.length >= PART_SIZE) add();
  }
  add();
  const head = JSON.stringify({
    format: FORMAT,
    version: CHECKPOINT_VERSION,
    site: owner.site,
    primary: owner.primary,
    bytes,
    sha256: hash.digest("hex"),
  });
  return [encoder.encode(`${head}\n`), ...parts];
}

/** Takes the sections out of an envelope, if it is whole, readable by this version, and the owner's. */
export function openEnvelope(owner: CheckpointOwner, file: Uint8Array): Opened {
  const end = file.indexOf(NEWLINE);
  if (end < 0) return damaged("it has no first line");
  const parsed = v.safeParse(header, parseJson(file.subarray(0, end)));
  if (!parsed.success) return damaged("its first line is not that of a checkpoint");
  const { version, site, primary, bytes, sha256 } = parsed.output;
  if (version > CHECKPOINT_VERSION) {
    return { refusal: "newer", detail: `its version is ${version}, not ${CHECKPOINT_VERSION}` };
  }
  if (site !== owner.site || primary !== owner.primary) {
    const detail = `it is about the primary "${primary}" of site "${site}"`;
    return { refusal: "other-primary", detail };
  }
  const body = file.subarray(end + 1);
  if (body.length !== bytes) return damaged(`it has ${body.length} bytes of content, not ${bytes}`);
  if (digestOf(body) !== sha256) return damaged("its content does not match its checksum");
  const json = parseJson(body);
  if (json === undefined) return damaged("its content is not JSON");
  if (version <= LAST_WITHOUT_SECTIONS) {
    return { sections: { ledger: { version: 1, content: json } } };
  }
  const sections = v.safeParse(content, json);
  return sections.success ? sections.output : damaged("its content has no sections");
}

function damaged(detail: string): Opened {
  return { refusal: "damaged", detail };
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
