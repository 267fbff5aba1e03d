/**
 * The metrics page: what was published, rendered once, and what is rendered for each scrape.
 *
 * @module
 */
import { CONTENT_TYPES, OPENMETRICS_END, renderFamilies } from "./exposition.ts";
import { type GzipHead, gzipHead, gzipTogether } from "./gzip.ts";
import type { Format, MetricFamily } from "./types.ts";

/** Content coding of a page. */
export type Encoding = "identity" | "gzip";

/** A page ready to send. */
export interface PageBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Value of `Content-Type`. */
  readonly contentType: string;
}

/** One publication in one format. */
interface Rendering {
  readonly families: readonly MetricFamily[];
  readonly plain: Promise<Uint8Array>;
  gzip?: Promise<GzipHead>;
}

const encoder = new TextEncoder();

/**
 * Holds the newest publication as bytes. A scrape copies them and adds the few families of its
 * own, so its cost does not depend on when and how much was published.
 */
export class SnapshotPage {
  #families: readonly MetricFamily[] = [];
  #names: ReadonlySet<string> = new Set();
  #renderings = new Map<Format, Rendering>();
  #eager: Promise<void> | undefined;

  /**
   * Replaces what was published. What is scraped is rendered right after, off the scrape; calls
   * in quick succession render once.
   */
  publish(families: readonly MetricFamily[]): void {
    this.#families = families;
    this.#names = new Set(families.map(({ definition }) => definition.name));
    this.#eager ??= Promise.resolve().then(() => this.#renderEagerly());
  }

  /**
   * Makes the page.
   *
   * @param format Format of the exposition.
   * @param encoding Content coding of the bytes.
   * @param own Families as they stand at this scrape.
   * @throws Error When a metric is both published and among `own`: its lines would not be together.
   */
  async body(
    format: Format,
    encoding: Encoding,
    own: readonly MetricFamily[],
  ): Promise<PageBody> {
    for (const { definition: { name } } of own) {
      if (this.#names.has(name)) {
        throw new Error(
          `Cannot render the metric "${name}" per scrape: it is part of the published snapshot`,
        );
      }
    }
    const rendering = this.#rendering(format);
    const ownText = await renderFamilies(own, format);
    const tail = encoder.encode(format === "openmetrics" ? ownText + OPENMETRICS_END : ownText);
    const bytes = encoding === "gzip"
      ? gzipTogether(await gzipOf(rendering), tail)
      : concat(await rendering.plain, tail);
    return { bytes, contentType: CONTENT_TYPES[format] };
  }

  /** The rendering of the newest publication, begun now if it was not before. */
  #rendering(format: Format): Rendering {
    const existing = this.#renderings.get(format);
    if (existing?.families === this.#families) return existing;
    const families = this.#families;
    const plain = renderFamilies(families, format).then((text) => encoder.encode(text));
    // A failure meets the scrape that awaits it; without one it must not end the process.
    plain.catch(() => {});
    const rendering: Rendering = { families, plain };
    this.#renderings.set(format, rendering);
    return rendering;
  }

  /** Renders what was asked for before, in the formats and codings that were asked for. */
  async #renderEagerly(): Promise<void> {
    this.#eager = undefined;
    for (const [format, { gzip }] of [...this.#renderings]) {
      const rendering = this.#rendering(format);
      await (gzip ? gzipOf(rendering) : rendering.plain).catch(() => {});
    }
  }
}

function gzipOf(rendering: Rendering): Promise<GzipHead> {
  rendering.gzip ??= rendering.plain.then(gzipHead);
  return rendering.gzip;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head, 0);
  bytes.set(tail, head.length);
  return bytes;
}
