/**
 * A part of the page, rendered and compressed once, however often it is asked for.
 *
 * @module
 */
import { release } from "../../base/release.ts";
import { hasSameSamples } from "../series.ts";
import type { Format, MetricFamily, Sample } from "../types.ts";
import { type DeflatedPart, deflatePart } from "./gzip.ts";

/** What a piece is made of. */
export interface PieceOptions {
  /** Makes the text of the piece; called when it is asked for first. */
  readonly render: (format: Format) => Promise<string>;
  /**
   * The text is the same in every format. Then it is rendered just once, and what it was rendered
   * from is let go: samples take many times the memory of their compressed text.
   */
  readonly anyFormat: boolean;
  /** What it shows. */
  readonly family?: MetricFamily;
}

/**
 * Of a family of at most so many samples, these are kept and compared: rendering and compressing a
 * piece of a few lines costs ten times as much. Of a larger one they would take too much memory.
 */
const MAX_COMPARED = 32;

const encoder = new TextEncoder();

/** By format; of a map there would be thousands, of some hundred bytes each. */
type ByFormat<T> = { [F in Format]?: T | undefined };

/** One piece. It is kept compressed: a page of plain text is a compressed one, expanded. */
export class Piece {
  readonly #version: object | undefined;
  readonly #samples: readonly Sample[] | undefined;
  readonly #anyFormat: boolean;
  #render: PieceOptions["render"] | undefined;
  readonly #parts: ByFormat<DeflatedPart> = {};
  /** What is being made. */
  #pending: ByFormat<Promise<DeflatedPart>> | undefined;

  constructor({ render, anyFormat, family }: PieceOptions) {
    this.#version = family?.version;
    if (family && family.samples.length <= MAX_COMPARED) this.#samples = family.samples;
    this.#render = render;
    this.#anyFormat = anyFormat;
  }

  /** Whether this is what would be made of a family, which then need not be rendered again. */
  shows(family: MetricFamily): boolean {
    if (family.version !== undefined && family.version === this.#version) return true;
    return this.#samples !== undefined && hasSameSamples(this.#samples, family.samples);
  }

  /** The piece in a format; a promise only where it has to be made first. */
  part(format: Format): DeflatedPart | Promise<DeflatedPart> {
    const key = this.#anyFormat ? "text" : format;
    return this.#parts[key] ?? this.#begin(key);
  }

  /** Evicts a format that nobody asks for any more. */
  evict(format: Format): void {
    if (this.#render) this.#parts[format] = undefined;
  }

  #begin(format: Format): Promise<DeflatedPart> {
    const pending = this.#pending ??= {};
    return pending[format] ??= this.#make(format).finally(() => {
      pending[format] = undefined;
      if (!pending.text && !pending.openmetrics) this.#pending = undefined;
    });
  }

  async #make(format: Format): Promise<DeflatedPart> {
    const text = await this.#render?.(format) ?? "";
    const plain = encoder.encode(text);
    const part = deflatePart(plain);
    release(plain);
    this.#parts[format] = part;
    if (this.#anyFormat) this.#render = undefined;
    return part;
  }
}
