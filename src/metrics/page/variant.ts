/**
 * The forms in which a page can be asked for.
 *
 * @module
 */
import type { Format } from "../types.ts";

/** Content coding of a page. */
export type Encoding = "identity" | "gzip";

/** One form: a format in a content coding. */
export interface Variant {
  readonly key: string;
  readonly format: Format;
  readonly encoding: Encoding;
}

/** The form of a format in a content coding. */
export function variantOf(format: Format, encoding: Encoding): Variant {
  return { key: `${format} ${encoding}`, format, encoding };
}
