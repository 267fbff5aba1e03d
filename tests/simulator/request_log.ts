/**
 * What was asked of the simulator. Never holds a key.
 *
 * @module
 */

/** A request. */
export interface LoggedRequest {
  /** Arrival, by the clock of the simulator, in milliseconds since the epoch. */
  readonly timeMs: number;
  readonly method: string;
  /** Path, `/netbackup/admin/jobs`. */
  readonly path: string;
  /** Path template without the base path, `/admin/jobs`. */
  readonly endpoint: string;
  readonly query: Readonly<Record<string, string>>;
  /** The query as it was sent, still encoded. */
  readonly rawQuery: string;
  readonly authorization: "none" | "valid" | "invalid";
  readonly accept: string | undefined;
  /** Version in the `Accept` header. */
  readonly acceptVersion: string | undefined;
  /** Status of the response; undefined while there is none, and when the connection was dropped. */
  readonly status: number | undefined;
  /** Whether the response, or the end without one, has been given. */
  readonly ended: boolean;
}

/** Log of the requests, oldest first. */
export interface RequestLog {
  all(): readonly LoggedRequest[];
  /** Requests of one endpoint. */
  to(endpoint: string): readonly LoggedRequest[];
  /** Number of requests, of one endpoint if it is given. */
  count(endpoint?: string): number;
  /** The most requests that were being handled at the same time since the last `clear`. */
  readonly peakConcurrency: number;
  clear(): void;
}

/** Writing side of the log. */
export interface RequestRecorder extends RequestLog {
  /**
   * Notes a request.
   *
   * @returns To be called once with the status when the request has ended.
   */
  begin(request: Omit<LoggedRequest, "status" | "ended">): (status: number | undefined) => void;
}

/** The oldest requests are forgotten beyond this many. */
const MAX_ENTRIES = 200_000;

/** Starts an empty log. */
export function createRequestLog(): RequestRecorder {
  let entries: LoggedRequest[] = [];
  let running = 0;
  let peak = 0;
  return {
    all: () => entries,
    to: (endpoint) => entries.filter((entry) => entry.endpoint === endpoint),
    count: (endpoint) =>
      endpoint === undefined
        ? entries.length
        : entries.filter((entry) => entry.endpoint === endpoint).length,
    get peakConcurrency() {
      return peak;
    },
    clear() {
      entries = [];
      peak = running;
    },
    begin(request) {
      const entry = { ...request, status: undefined as number | undefined, ended: false };
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) entries = entries.slice(MAX_ENTRIES / 2);
      running += 1;
      peak = Math.max(peak, running);
      return (status) => {
        running -= 1;
        entry.status = status;
        entry.ended = true;
      };
    },
  };
}
