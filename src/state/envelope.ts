/**
 * The form of a checkpoint file: one line of JSON that says what it is, then the sections as JSON; and
 * after them what has changed since, in the same form, as often as it was appended.
 *
 * @module
 */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { createPause, jsonPieces, type Pause, readJson } from "./json_pieces.ts";
import { type Sections, sectionsDocument, withChanges } from "./section.ts";

/** What marks a file as ours. */
const FORMAT = "nbu_exporter checkpoint";

/** Version of the envelope. A file of a later one is not read. Version 2 has nothing appended. */
const CHECKPOINT_VERSION = 3;

/** From this version on there may be something appended. */
const FIRST_APPENDED = 3;

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
  | {
    readonly sections: Sections;
    /** Its end was not written completely, so that nobody relies on it: it is left out. */
    readonly torn: boolean;
  }
  | { readonly refusal: Refusal; readonly detail: string };

const block = { bytes: v.number(), sha256: v.string() };
const header = v.object({
  format: v.literal(FORMAT),
  version: v.number(),
  site: v.string(),
  primary: v.string(),
  ...block,
});
const appendedHeader = v.object(block);

const content = v.object({ sections: sectionsDocument });

/** Size of a part of a file, in characters. */
const PART_SIZE = 128 * 1024;

/**
 * Puts sections into an envelope, without stopping others for long.
 *
 * @returns The bytes of the file, in parts: sections are megabytes, and not to be copied for a line.
 */
export function sealEnvelope(
  owner: CheckpointOwner,
  sections: Sections,
  pause: Pause = createPause(),
): Promise<readonly Uint8Array[]> {
  const { site, primary } = owner;
  return seal({ format: FORMAT, version: CHECKPOINT_VERSION, site, primary }, sections, pause);
}

/** Puts changed sections into the form in which they are appended to an envelope. */
export function sealChanges(
  sections: Sections,
  pause: Pause = createPause(),
): Promise<readonly Uint8Array[]> {
  return seal({}, sections, pause);
}

async function seal(
  head: Readonly<Record<string, unknown>>,
  sections: Sections,
  pause: Pause,
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
  const line = JSON.stringify({ ...head, bytes, sha256: hash.digest("hex") });
  return [encoder.encode(`${line}\n`), ...parts];
}

/**
 * Takes the sections out of an envelope, if it is whole, readable by this version, and the owner's.
 * Others are not stopped for long.
 */
export async function openEnvelope(
  owner: CheckpointOwner,
  file: Uint8Array,
  pause: Pause = createPause(),
): Promise<Opened> {
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
  const body = file.subarray(end + 1, end + 1 + bytes);
  if (body.length !== bytes) return damaged(`it has ${body.length} bytes of content, not ${bytes}`);
  if (await digestOf(body, pause) !== sha256) {
    return damaged("its content does not match its checksum");
  }
  let json: unknown;
  try {
    json = await readJson(body, sha256, pause);
  } catch {
    return damaged("its content is not JSON");
  }
  if (version <= LAST_WITHOUT_SECTIONS) {
    return { sections: { ledger: { version: 1, content: json } }, torn: false };
  }
  const sections = v.safeParse(content, json);
  if (!sections.success) return damaged("its content has no sections");
  const appended = file.subarray(end + 1 + bytes);
  if (appended.length > 0 && version < FIRST_APPENDED) return damaged("it is longer than it was");
  return await openAppended(sections.output.sections, appended, pause);
}

/** Applies what was appended, one after the other. */
async function openAppended(
  sections: Sections,
  appended: Uint8Array,
  pause: Pause,
): Promise<Opened> {
  let whole = sections;
  for (let at = 0; at < appended.length;) {
    const end = appended.indexOf(NEWLINE, at);
    const head = end < 0
      ? undefined
      : v.safeParse(appendedHeader, parseJson(appended.subarray(at, end)));
    // Nothing is appended behind what could not be written completely.
    if (!head?.success) return { sections: whole, torn: true };
    const { bytes, sha256 } = head.output;
    const body = appended.subarray(end + 1, end + 1 + bytes);
    const isLast = end + 1 + bytes >= appended.length;
    if (body.length < bytes || await digestOf(body, pause) !== sha256) {
      if (isLast) return { sections: whole, torn: true };
      return damaged("what was appended to it does not match its checksum");
    }
    const changed = v.safeParse(content, await readJson(body, sha256, pause));
    if (!changed.success) return damaged("what was appended to it has no sections");
    whole = withChanges(whole, changed.output.sections);
    at = end + 1 + bytes;
  }
  return { sections: whole, torn: false };
}

function damaged(detail: string): Opened {
  return { refusal: "damaged", detail };
}

/** Bytes that are hashed at once. */
const HASHED_AT_ONCE = 256 * 1024;

async function digestOf(bytes: Uint8Array, pause: Pause): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
    await pause();
  }
  return hash.digest("hex");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
