/**
 * A checkpoint that is kept in memory, as the text a file would hold.
 *
 * @module
 */
import * as v from "valibot";
import { type JobsSectionDocument, jobsSectionDocument } from "../../src/ledger/document.ts";
import type { Checkpoint } from "../../src/state/checkpoint.ts";
import { CheckpointNotWrittenError } from "../../src/state/errors.ts";
import { type Sections, sectionsDocument } from "../../src/state/section.ts";

/** Every text saved, the last of which is loaded. */
export interface MemoryCheckpoint extends Checkpoint {
  readonly saved: string[];
  /** Why parts of it were not used. */
  readonly refused: string[];
  /** Saving fails, and the last checkpoint can be set aside, or not even that. */
  failing: "set aside" | "stuck" | undefined;
}

/** Makes an empty one. */
export function createMemoryCheckpoint(): MemoryCheckpoint {
  const saved: string[] = [];
  const refused: string[] = [];
  let stale = false;
  return {
    saved,
    refused,
    failing: undefined,
    appendable: false,
    append: () => Promise.resolve(false),
    load: () => {
      const sections = parseSections(saved.at(-1));
      return Promise.resolve(sections && { sections, stale });
    },
    save(sections) {
      if (this.failing) {
        stale ||= this.failing === "set aside";
        const error = new CheckpointNotWrittenError("a.state", stale, new Error("disk full"));
        return Promise.reject(error);
      }
      saved.push(JSON.stringify(sections));
      stale = false;
      return Promise.resolve();
    },
    copyAside: (reason, detail) => {
      refused.push(`${reason}: ${detail}`);
      return Promise.resolve();
    },
  };
}

/** The sections of a text; undefined = there is none. */
export function parseSections(text: string | undefined): Sections | undefined {
  return text === undefined ? undefined : v.parse(sectionsDocument, JSON.parse(text));
}

/** The ledger's own section of a text. */
export function jobsSectionOf(text: string | undefined): JobsSectionDocument {
  return v.parse(jobsSectionDocument, parseSections(text)?.["ledger"]?.content);
}
