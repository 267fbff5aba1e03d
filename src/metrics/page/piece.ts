/**
 * A part of the page that is rendered and compressed once, however often it is asked for.
 *
 * @module
 */
import type { Format } from "../types.ts";
import { type DeflatedPart, deflatePart } from "./gzip.ts";
import type { Variant } from "./variant.ts";

/** A piece in one form. */
export type Part =
  | { readonly encoding: "identity"; readonly bytes: Uint8Array }
  | { readonly encoding: "gzip" } & DeflatedPart;

const encoder = new TextEncoder();

/** One piece, in the forms that were asked for. */
export class Piece {
  readonly #render: (format: Format) => Promise<string>;
  readonly #parts = new Map<string, Part>();
  readonly #pending = new Map<string, Promise<Part>>();

  /** @param render Makes the text of the piece; called when a form is asked for first. */
  constructor(render: (format: Format) => Promise<string>) {
    this.#render = render;
  }

  /** The piece in a form; a promise only where it has to be made first. */
  part(variant: Variant): Part | Promise<Part> {
    return this.#parts.get(variant.key) ?? this.#begin(variant);
  }

  /** Forgets a form that nobody asks for any more. */
  evict(variant: Variant): void {
    this.#parts.delete(variant.key);
  }

  #begin(variant: Variant): Promise<Part> {
    const { key } = variant;
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = this.#make(variant)
        .then((part) => {
          this.#parts.set(key, part);
          return part;
        })
        .finally(() => this.#pending.delete(key));
      this.#pending.set(key, pending);
    }
    return pending;
  }

  async #make({ format, encoding }: Variant): Promise<Part> {
    const bytes = encoder.encode(await this.#render(format));
    return encoding === "gzip" ? { encoding, ...deflatePart(bytes) } : { encoding, bytes };
  }
}
