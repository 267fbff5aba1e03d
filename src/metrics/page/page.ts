/**
 * The metrics page: published in pieces, each rendered once, joined for whoever asks.
 *
 * @module
 */
import { CONTENT_TYPES, OPENMETRICS_END, renderFamilies } from "../exposition.ts";
import type { Format, MetricFamily } from "../types.ts";
import { type DeflatedPart, joinGzip, joinPlain } from "./gzip.ts";
import { type PageBody, PageUsers } from "./page_body.ts";
import { Piece } from "./piece.ts";
import { Pieces } from "./pieces.ts";

/** Content coding of a page. */
export type Encoding = "identity" | "gzip";

/** Families that change all the time: looked at when the page is asked for. */
export interface LiveSource {
  /** A number that differs whenever the families do. */
  revision(): number;
  families(): readonly MetricFamily[];
}

/** What the page needs of its surroundings. */
export interface MetricsPageOptions {
  /** Milliseconds of a clock that never goes backwards. */
  readonly monotonic: () => number;
  /** Families of the exporter itself, as they stand; not among those that are published. */
  readonly own: () => readonly MetricFamily[];
}

/**
 * A joined page serves everybody who asks within this time, in milliseconds, unless something was
 * published: many clients cost no more than one, and slow ones share their bytes.
 */
const REUSE_MS = 1000;

/** A format that nobody asked for in this time is not kept ready, in milliseconds. */
const EVICT_FORMAT_MS = 5 * 60_000;

/** Which part of the page is wanted. */
export interface PagePart {
  /** Names of the sources. */
  readonly sources: ReadonlySet<string>;
  /** Whether the exporter's own families are on it. */
  readonly own: boolean;
}

interface Joined {
  readonly page: Promise<PageBody>;
  readonly users: PageUsers;
  readonly revision: number;
  readonly at: number;
}

/** Holds what was published and hands out the page. */
export class MetricsPage {
  readonly #options: MetricsPageOptions;
  readonly #pieces = new Pieces();
  readonly #live = new Map<string, { readonly source: LiveSource; revision: number }>();
  readonly #joined = new Map<string, Joined>();
  /** When each format was last asked for. */
  readonly #asked = new Map<Format, number>();
  /** Counts changes of what is published. */
  #revision = 0;
  #evicting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MetricsPageOptions) {
    this.#options = options;
  }

  /**
   * From now on a joined page is freed once it may not be reused, rather than by the next scrape or
   * publication: of many sites it has many megabytes. To be ended with `close()`.
   */
  start(): void {
    this.#evicting = true;
  }

  /** Ends what `start()` has begun. */
  close(): void {
    this.#evicting = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Replaces what a source has published. The cost is that of what is new: it is rendered right
   * after, in the formats that were asked for lately.
   *
   * @param source Any name; one of a site's collectors, say.
   * @throws Error When two different definitions share a name.
   */
  publish(source: string, families: readonly MetricFamily[]): void {
    const fresh = this.#pieces.replace(source, families);
    this.touch();
    if (fresh.length > 0) queueMicrotask(() => this.#prepare(fresh));
  }

  /** Takes back all that a source has published. */
  withdraw(source: string): void {
    this.#live.delete(source);
    this.publish(source, []);
  }

  /** Adds a source that is looked at whenever the page is made. */
  addLive(name: string, source: LiveSource): void {
    this.#live.set(name, { source, revision: NaN });
  }

  /** Has the next scrape see what has just changed of the exporter's own families. */
  touch(): void {
    this.#revision++;
    // What was joined is out of date. Responses under way hold on to theirs, nobody else does.
    for (const { users } of this.#joined.values()) users.retire();
    this.#joined.clear();
  }

  /**
   * Makes the page.
   *
   * @param format Format of the exposition.
   * @param encoding Content coding of the bytes.
   * @throws Error When a metric is both published and the exporter's own: its lines would not be
   *   together; when live families clash with others, or cannot be had.
   */
  body(format: Format, encoding: Encoding): Promise<PageBody> {
    const now = this.#options.monotonic();
    this.#asked.set(format, now);
    const key = `${format} ${encoding}`;
    const known = this.#joined.get(key);
    if (known && known.revision === this.#revision && now - known.at < REUSE_MS) {
      known.users.add();
      return known.page;
    }
    known?.users.retire();
    this.#evictUnwanted(now);
    const users = new PageUsers();
    const page = this.#join(format, encoding, users);
    this.#joined.set(key, { page, users, revision: this.#revision, at: now });
    this.#evictLater();
    return page;
  }

  /**
   * Makes the page of some sources: the cost is that of what is on it. It is made anew for each
   * request, as there are too many such pages to keep them.
   *
   * @throws Error As `body()` does.
   */
  async part(
    { sources, own }: PagePart,
    format: Format,
    encoding: Encoding,
  ): Promise<PageBody> {
    this.#asked.set(format, this.#options.monotonic());
    this.#refreshLive(sources);
    const users = new PageUsers();
    users.retire();
    const pieces = [...this.#pieces.ofSources(sources), this.#lastPiece(own)];
    return await join(pieces, format, encoding, users);
  }

  /** Renders new pieces ahead of the scrape. Whoever asks before it is done waits for it. */
  async #prepare(pieces: readonly Piece[]): Promise<void> {
    this.#evictUnwanted(this.#options.monotonic());
    for (const format of [...this.#asked.keys()]) {
      for (const piece of pieces) {
        try {
          await piece.part(format);
        } catch {
          // It meets the scrape that asks for it.
        }
      }
    }
  }

  /** @param sources Names of those to look at; all unless given. */
  #refreshLive(sources?: ReadonlySet<string>): void {
    for (const [name, live] of this.#live) {
      if (sources?.has(name) === false) continue;
      const revision = live.source.revision();
      if (revision === live.revision) continue;
      this.#pieces.replace(name, live.source.families());
      // Only now: families that cannot be had are looked at again by the next scrape.
      live.revision = revision;
      this.#revision++;
    }
  }

  /** Looks at the live sources before anything is awaited: the revision is right when it returns. */
  async #join(format: Format, encoding: Encoding, users: PageUsers): Promise<PageBody> {
    this.#refreshLive();
    const pieces = [...this.#pieces.inOrder(), this.#lastPiece(true)];
    return await join(pieces, format, encoding, users);
  }

  /**
   * What ends a page.
   *
   * @param withOwn Whether the exporter's own families are on it.
   */
  #lastPiece(withOwn: boolean): Piece {
    const own = withOwn ? this.#options.own() : [];
    for (const { definition: { name } } of own) {
      if (this.#pieces.has(name)) {
        throw new Error(`Cannot render the metric "${name}" per scrape: it is published as well`);
      }
    }
    const render = async (format: Format) => {
      const text = await renderFamilies(own, format);
      return format === "openmetrics" ? text + OPENMETRICS_END : text;
    };
    return new Piece({ render, anyFormat: false });
  }

  #evictLater(): void {
    if (!this.#evicting || this.#timer !== undefined || this.#joined.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#evictJoined(this.#options.monotonic());
      this.#evictLater();
    }, REUSE_MS);
  }

  #evictJoined(now: number): void {
    for (const [key, { users, at }] of this.#joined) {
      if (now - at < REUSE_MS) continue;
      users.retire();
      this.#joined.delete(key);
    }
  }

  #evictUnwanted(now: number): void {
    for (const [format, at] of this.#asked) {
      if (now - at < EVICT_FORMAT_MS) continue;
      this.#asked.delete(format);
      for (const piece of this.#pieces.inOrder()) piece.evict(format);
    }
  }
}

async function join(
  pieces: readonly Piece[],
  format: Format,
  encoding: Encoding,
  users: PageUsers,
): Promise<PageBody> {
  const parts: DeflatedPart[] = [];
  // One after the other: the texts of many pieces at the same time would take much memory.
  for (const piece of pieces) {
    const part = piece.part(format);
    parts.push(part instanceof Promise ? await part : part);
  }
  const bytes = encoding === "gzip" ? joinGzip(parts) : joinPlain(parts);
  return users.bodyOf(bytes, CONTENT_TYPES[format]);
}
