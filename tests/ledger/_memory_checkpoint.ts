/**
 * A checkpoint that is kept in memory, as the text a file would hold.
 *
 * @module
 */
import * as v from "valibot";
import { type JobsSectionDocument, jobsSectionDocument } from "../../src/ledger/document.ts";
import type { Checkpoint } from "../../src/state/checkpoint.ts";
import type { Sections } from "../../src/state/section.ts";

/** Every text saved, the last of which is loaded. */
export interface MemoryCheckpoint extends Checkpoint {
  readonly saved: string[];
  /** Why parts of it were not used. */
  readonly refused: string[];
}

/** Makes an empty one. */
export function createMemoryCheckpoint(): MemoryCheckpoint {
  const saved: string[] = [];
  const refused: string[] = [];
  return {
    saved,
    refused,
    load: () => Promise.resolve(parseSections(saved.at(-1))),
    save: (sections) => {
      saved.push(JSON.stringify(sections));
      return Promise.resolve();
    },
    copyAside: (reason, detail) => {
      refused.push(`${reason}: ${detail}`);
      return Promise.resolve();
    },
  };
}

const sections = v.record(
  v.string(),
  v.object({ version: v.number(), content: v.unknown() }),
);

/** The sections of a text; undefined = there is none. */
export function parseSections(text: string | undefined): Sections | undefined {
  return text === undefined ? undefined : v.parse(sections, JSON.parse(text));
}

/** The ledger's own section of a text. */
export function jobsSectionOf(text: string | undefined): JobsSectionDocument {
  return v.parse(jobsSectionDocument, parseSections(text)?.["ledger"]?.content);
}
