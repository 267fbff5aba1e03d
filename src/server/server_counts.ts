/**
 * What happens at our own port, in figures.
 *
 * @module
 */
import type { CloseReason } from "./connections.ts";

/** Figures of the server, since the start unless said otherwise. */
export interface ServerFigures {
  /** Whether connections are accepted now, by address (`0.0.0.0:9440`). */
  readonly listening: ReadonlyMap<string, boolean>;
  /** Times that an address had to be listened on again, as it accepted no connections any more. */
  readonly restarts: number;
  /** Connections open now. */
  readonly connections: number;
  /** Requests rejected with 503 because too many responses were in flight. */
  readonly requestsRefused: number;
  /** Connections closed by the exporter, by reason. */
  readonly connectionsClosed: Readonly<Record<CloseReason, number>>;
}

/** Counts what happens at the port. */
export class ServerCounts {
  #restarts = 0;
  #requestsRefused = 0;
  readonly #closed: Record<CloseReason, number> = { limit: 0, timeout: 0 };

  /** An address is listened on again. */
  restarted(): void {
    this.#restarts += 1;
  }

  /** A request was answered with 503. */
  requestRefused(): void {
    this.#requestsRefused += 1;
  }

  /** A connection was closed. */
  closed(reason: CloseReason): void {
    this.#closed[reason] += 1;
  }

  /** The figures as they stand. */
  figures(
    now: Pick<ServerFigures, "listening" | "connections">,
  ): ServerFigures {
    return {
      ...now,
      restarts: this.#restarts,
      requestsRefused: this.#requestsRefused,
      connectionsClosed: { ...this.#closed },
    };
  }
}
