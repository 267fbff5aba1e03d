/**
 * The parts of a checkpoint. Each has a version and a schema of its own, so that one that cannot be
 * used costs itself only.
 *
 * @module
 */
import * as v from "valibot";
import type { Pause } from "./json_pieces.ts";

/** A section as a file holds it. */
export interface SectionContent {
  readonly version: number;
  readonly content: unknown;
}

/** All sections of a file, by name. */
export type Sections = Readonly<Record<string, SectionContent>>;

/** Why a section is not used. */
export type SectionRefusal = "damaged" | "newer";

/** One part of what is kept over a restart, with whom it belongs to. */
export interface CheckpointSection {
  readonly name: string;
  /** The state as it stands; it must not change until it has been written. */
  serialize(pause: Pause): Promise<SectionContent>;
  /**
   * Restores a state; undefined = done, else why not.
   *
   * @param stale See `LoadedCheckpoint`.
   */
  restore(
    section: SectionContent,
    stale: boolean,
  ): { reason: SectionRefusal; detail: string } | undefined;
}

/** How a section is defined. */
export interface SectionDefinition<T> {
  readonly name: string;
  /** Version that is written. */
  readonly version: number;
  /**
   * Schema of every version that can be read. That of an older version transforms what it finds to
   * the present form.
   */
  readonly schemas: Readonly<Record<number, v.GenericSchema<unknown, T>>>;
  /**
   * The state as it stands, as a value for JSON; long lists of numbers may be a `NumberList`.
   *
   * @param pause To be called now and then by what takes long.
   */
  serialize(pause: Pause): unknown;
  /**
   * Restores what was serialized.
   *
   * @param stale It is older than what was published last: what must never decrease begins at 0.
   */
  restore(content: T, stale: boolean): void;
}

/** Makes a section from its definition. */
export function defineSection<T>(definition: SectionDefinition<T>): CheckpointSection {
  const { name, version, schemas } = definition;
  return {
    name,
    serialize: async (pause) => ({ version, content: await definition.serialize(pause) }),
    restore(section, stale) {
      if (section.version > version) {
        const detail = `its version is ${section.version}, not ${version}`;
        return { reason: "newer", detail };
      }
      const schema = schemas[section.version];
      if (!schema) return { reason: "damaged", detail: `its version is ${section.version}` };
      const parsed = v.safeParse(schema, section.content, { abortEarly: true });
      if (!parsed.success) return { reason: "damaged", detail: describe(parsed.issues[0]) };
      definition.restore(parsed.output, stale);
      return undefined;
    },
  };
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? "content"}: expected ${issue.expected ?? issue.message}`;
}
