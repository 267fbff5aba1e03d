/**
 * A part of the page that is rendered once, however often and in whatever form it is asked for.
 *
 * @module
 */
import { type DeflatedPart, deflatePart, inflatePart } from "./gzip.ts";
import type { Format } from "../types.ts";
import type { Variant } from "./variant.ts";

/** A piece in one form. */
export type Part =
  | { readonly encoding: "identity"; readonly bytes: Uint8Array }
  | { readonly encoding: "gzip" } & DeflatedPart;

/** What a piece is made of. */
export interface PieceOptions {
  /** Makes the text of the piece; called when it is asked for first. */
  readonly render: (format: Format) => Promise<string>;
  /**
   * The text is the same in every format. Then it is rendered just once, and what it was rendered
   * from is let go: samples take many times the memory of their compressed text.
   */
  readonly anyFormat: boolean;
}

const encoder = new TextEncoder();

/** One piece, in the forms that were asked for. */
export class Piece {
  readonly #anyFormat: boolean;
  #render: PieceOptions["render"] | undefined;
  readonly #parts = new Map<string, Part>();
  readonly #pending = new Map<string, Promise<Part>>();

  constructor({ render, anyFormat }: PieceOptions) {
    this.#render = render;
    this.#anyFormat = anyFormat;
  }

  /** The piece in a form; a promise only where it has to be made first. */
  part(variant: Variant): Part | Promise<Part> {
    return this.#parts.get(this.#keyOf(variant)) ?? this.#begin(variant);
  }

  /** Forgets the forms that nobody asks for any more. */
  retain(wanted: readonly Variant[]): void {
    const keys = new Set(wanted.map((variant) => this.#keyOf(variant)));
    for (const [key, part] of this.#parts) {
      if (keys.has(key)) continue;
      this.#parts.delete(key);
      // The last that there is of the piece stays, small.
      if (!this.#render && this.#parts.size === 0) this.#parts.set("gzip", compressed(part));
    }
  }

  #keyOf({ key, encoding }: Variant): string {
    return this.#anyFormat ? encoding : key;
  }

  #begin(variant: Variant): Promise<Part> {
    const key = this.#keyOf(variant);
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = this.#make(variant)
        .then((part) => {
          this.#parts.set(key, part);
          if (this.#anyFormat) this.#render = undefined;
          return part;
        })
        .finally(() => this.#pending.delete(key));
      this.#pending.set(key, pending);
    }
    return pending;
  }

  async #make({ format, encoding }: Variant): Promise<Part> {
    const bytes = await this.#bytes(format);
    return encoding === "gzip" ? { encoding, ...deflatePart(bytes) } : { encoding, bytes };
  }

  async #bytes(format: Format): Promise<Uint8Array> {
    if (this.#render) return encoder.encode(await this.#render(format));
    // Rendered before, so it is there in the other encoding.
    const [known] = this.#parts.values();
    if (!known) throw new Error("a piece of the page is neither rendered nor to be rendered");
    return known.encoding === "identity" ? known.bytes : inflatePart(known);
  }
}

function compressed(part: Part): Part {
  return part.encoding === "gzip" ? part : { encoding: "gzip", ...deflatePart(part.bytes) };
}
