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
  /** What has changed since, oldest first, each in the form of `content`. */
  readonly changes?: readonly unknown[];
  /** `content` is only what has changed since the section was written last. */
  readonly partial?: true;
}

/** All sections of a file, by name. */
export type Sections = Readonly<Record<string, SectionContent>>;

/** All sections in a file. */
export const sectionsDocument = v.record(
  v.string(),
  v.object({
    version: v.number(),
    content: v.unknown(),
    changes: v.exactOptional(v.array(v.unknown())),
    partial: v.exactOptional(v.literal(true)),
  }),
);

/** Sections with what has changed in some of them: a part is kept with the whole, a whole replaces it. */
export function withChanges(sections: Sections, changed: Sections): Sections {
  const result: Record<string, SectionContent> = { ...sections };
  for (const [name, { version, content, partial }] of Object.entries(changed)) {
    const before = sections[name];
    const isPart = partial === true && before?.version === version;
    result[name] = isPart
      ? { ...before, changes: [...before.changes ?? [], content] }
      : { version, content };
  }
  return result;
}

/** Why a section is not used. */
export type SectionRefusal = "damaged" | "newer";

/** One part of what is kept across restarts, with whom it belongs to. */
export interface CheckpointSection {
  readonly name: string;
  /** The state as it stands; it must not change until it has been written. */
  serialize(pause: Pause): Promise<SectionContent>;
  /**
   * What has changed since the state was written last; undefined = it has to be written as a whole.
   * Absent where that is always so.
   */
  serializeChanges?(pause: Pause): Promise<SectionContent | undefined>;
  /** What was serialized last has been written. */
  written?(): void;
  /**
   * Restores a state; undefined = done, else why not.
   *
   * @param stale See `LoadedCheckpoint`.
   */
  restore(
    section: SectionContent,
    stale: boolean,
    pause: Pause,
  ): Promise<{ reason: SectionRefusal; detail: string } | undefined>;
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
   * The same with only what has changed of its long lists since it was written last; undefined = it has
   * to be written as a whole. Absent where that is always so.
   */
  serializeChanges?(pause: Pause): Promise<unknown>;
  /** What was serialized last has been written. */
  written?(): unknown;
  /**
   * What is wrong with a content beyond its schema; undefined = nothing. It is for what takes long.
   *
   * @param pause To be called now and then.
   */
  fault?(content: T, pause: Pause): Promise<string | undefined>;
  /**
   * Restores what was serialized; what it returns is awaited.
   *
   * @param stale It is older than what was published last: what must never decrease begins at 0.
   * @param changes What has changed since, oldest first.
   * @param pause To be called now and then by what takes long.
   */
  restore(content: T, stale: boolean, changes: readonly T[], pause: Pause): unknown;
}

/** Makes a section from its definition. */
export function defineSection<T>(definition: SectionDefinition<T>): CheckpointSection {
  const { name, version, schemas } = definition;
  return {
    name,
    serialize: async (pause) => ({ version, content: await definition.serialize(pause) }),
    ...(definition.serializeChanges && {
      async serializeChanges(pause: Pause): Promise<SectionContent | undefined> {
        const content = await definition.serializeChanges?.(pause);
        return content === undefined ? undefined : { version, content, partial: true };
      },
    }),
    written: () => void definition.written?.(),
    async restore(section, stale, pause) {
      if (section.version > version) {
        const detail = `its version is ${section.version}, not ${version}`;
        return { reason: "newer", detail };
      }
      const schema = schemas[section.version];
      if (!schema) return { reason: "damaged", detail: `its version is ${section.version}` };
      const contents: T[] = [];
      for (const one of [section.content, ...section.changes ?? []]) {
        const parsed = v.safeParse(schema, one, { abortEarly: true });
        if (!parsed.success) return { reason: "damaged", detail: describe(parsed.issues[0]) };
        const detail = await definition.fault?.(parsed.output, pause);
        if (detail !== undefined) return { reason: "damaged", detail };
        contents.push(parsed.output);
      }
      const [content, ...changes] = contents;
      if (content === undefined) return { reason: "damaged", detail: "it is empty" };
      await definition.restore(content, stale, changes, pause);
      return undefined;
    },
  };
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? "content"}: expected ${issue.expected ?? issue.message}`;
}
