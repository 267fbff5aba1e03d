/**
 * What one list can sensibly hold. A server that pages wrongly answers for ever, each time with
 * something new; without a bound that ends with the memory.
 *
 * @module
 */
import { type ErrorPlace, PagingError } from "../errors.ts";

/** Rows after which a list that is read page by page, and not kept, is taken to be endless. */
const MAX_STREAMED_ROWS = 2_000_000;
/** Pages that any list may have, however few rows there are on them. */
const MIN_PAGES = 1_000;
/** How many times more pages than `limit` allows for: a server may grant fewer rows per page. */
const PAGE_SLACK = 10;
/** Pages without rows, one after the other, after which nothing more is expected. */
const MAX_EMPTY_PAGES = 100;

/** Counts what comes of one list. Each method throws a `PagingError` when it is too much. */
export interface ListBounds {
  /** Another page is about to be asked for. */
  beforePage(): void;
  /** A body came, of this many characters; undefined where they are not counted. */
  readonly onBody: ((characters: number) => void) | undefined;
  /** A page came with this many rows. */
  onRows(count: number): void;
}

/** Starts at nothing. */
export function createListBounds(
  place: ErrorPlace,
  { limit, maxRows = MAX_STREAMED_ROWS, maxCharacters }: {
    readonly limit: number;
    readonly maxRows?: number;
    readonly maxCharacters?: number;
  },
): ListBounds {
  const maxPages = Math.max(MIN_PAGES, PAGE_SLACK * Math.ceil(maxRows / limit));
  let pages = 0;
  let rows = 0;
  let characters = 0;
  let empty = 0;
  const check = (found: number, max: number, unit: string) => {
    if (found > max) throw new PagingError(place, `it has more than ${max} ${unit}`);
  };
  return {
    beforePage() {
      check(++pages, maxPages, "pages");
    },
    onBody: maxCharacters === undefined ? undefined : (count) => {
      characters += count;
      check(characters, maxCharacters, "characters");
    },
    onRows(count) {
      rows += count;
      empty = count === 0 ? empty + 1 : 0;
      check(rows, maxRows, "rows");
      check(empty, MAX_EMPTY_PAGES, "pages without rows in succession");
    },
  };
}
