/**
 * What can go wrong on demand.
 *
 * @module
 */

/** The form and the time of a `Retry-After` header: a wait from now, in milliseconds. */
export interface RetryAfter {
  /** Seconds, HTTP date, or the ISO 8601 date-time that NetBackup writes. */
  readonly form: "seconds" | "http-date" | "iso";
  readonly waitMs: number;
}

/** Which rows of a list a fault touches. */
export type Rows = "first" | "all";

/** A fault. */
export type Fault =
  /** The response comes this much later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Another status, with NetBackup's error body unless another is asked for. */
  | {
    readonly kind: "status";
    readonly status: number;
    readonly retryAfter?: RetryAfter;
    readonly body?: "error" | "html" | "empty";
  }
  /** The connection ends before any response. */
  | { readonly kind: "drop" }
  /** No response ever comes. */
  | { readonly kind: "hang" }
  /** A page of HTML, as from a proxy or a server that is starting. */
  | { readonly kind: "html"; readonly status?: number }
  /** Only this part of the body comes (half of it unless told otherwise), then the connection ends. */
  | { readonly kind: "truncate"; readonly part?: number; readonly declareLength?: boolean }
  /** Valid HTTP with the end of the JSON missing. */
  | { readonly kind: "brokenJson"; readonly part?: number }
  /** Rows are this instead of rows: null, a number, an object without attributes. */
  | { readonly kind: "malformedRow"; readonly value: unknown; readonly rows?: Rows }
  /** An attribute of rows has this value; `a.b` names one of a nested object. */
  | {
    readonly kind: "wrongType";
    readonly field: string;
    readonly value: unknown;
    readonly rows?: Rows;
  }
  /** An attribute of rows is missing. */
  | { readonly kind: "missingField"; readonly field: string; readonly rows?: Rows }
  /** Fields nobody knows, everywhere. */
  | { readonly kind: "extraFields" }
  /** The cursor of the next page is the one this page was asked for with. */
  | { readonly kind: "repeatCursor" }
  /** The list ends with this page, although there are more rows. */
  | { readonly kind: "earlyEnd" }
  /** The `count` of the response is this, whatever the number of rows; undefined leaves it out. */
  | { readonly kind: "wrongCount"; readonly total?: number }
  /** The first row of the page stands there twice. */
  | { readonly kind: "repeatedRow" }
  /** Whatever page is asked for, the first one comes. */
  | { readonly kind: "repeatedPage" }
  /** Pages hold no more than this many rows, whatever was asked for. */
  | { readonly kind: "shortPages"; readonly rows: number }
  /** The server overlooks the filter. */
  | { readonly kind: "ignoredFilter" }
  /** The server overlooks the sort. */
  | { readonly kind: "ignoredSort" }
  /** The body comes in this many pieces with a wait before each. */
  | { readonly kind: "slowBody"; readonly ms: number; readonly pieces: number }
  /** An otherwise valid body of at least this many bytes. */
  | { readonly kind: "hugeBody"; readonly bytes: number; readonly declareLength?: boolean }
  /** 200 without rows, as where permissions hide them. */
  | { readonly kind: "emptyList" }
  /** An error whose body repeats the API key it was sent. */
  | { readonly kind: "echoKey"; readonly status: number };

/** A fault, and which requests it meets. */
export type FaultRule = Fault & {
  /** Path template, `/admin/jobs`; every endpoint unless given. */
  readonly endpoint?: string;
  /** How many requests it meets; all until it is cleared, unless given. */
  readonly count?: number;
  /** How many requests it lets pass first. */
  readonly skip?: number;
  /** Chance to meet a request, from 0 to 1. */
  readonly probability?: number;
};
