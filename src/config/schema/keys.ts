/**
 * Notes that the schema's keys carry beside their types.
 *
 * @module
 */
import * as v from "valibot";

/** What a file named by a key holds. */
export type NamedFileKind = "apiKey" | "ca" | "certificate" | "privateKey";

/** What an operator should know about a value that is valid. */
export interface Advice {
  /** `insecure`: something can be stolen. `doubtful`: it is probably not what is meant. */
  readonly kind: "insecure" | "doubtful";
  /** What and what to do, without the value. */
  readonly message: string;
}

/** Looks at a valid text of the file, its variables put in. */
export type Advise = (text: string) => Advice | undefined;

/** What a key's value is to the loader. */
export interface KeyNotes {
  /** The value is never shown. */
  readonly secret?: true;
  /** The value names a file that is read at load. */
  readonly file?: NamedFileKind;
  /** The key does nothing any more: its value is not even looked at. */
  readonly ignored?: true;
  readonly advise?: Advise;
}

/** A schema with its description and notes. */
export function key<I, O>(
  schema: v.GenericSchema<I, O>,
  description: string,
  notes: KeyNotes = {},
): v.GenericSchema<I, O> {
  return v.pipe(schema, v.description(description), v.metadata({ ...notes }));
}

/** A key of the Go exporter that no longer does anything. */
export function ignoredKey(
  description: string,
): v.OptionalSchema<v.GenericSchema<unknown, unknown>, undefined> {
  return v.optional(key(v.unknown(), description, { ignored: true }), undefined);
}
