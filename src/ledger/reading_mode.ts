/**
 * Whether a list can be read in parts, or only as a whole.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import type { ListFault } from "./list_fault.ts";

/** How one list of a primary is read. */
export class ReadingMode {
  #whole = false;
  #warned = false;

  /** It can only be read as a whole. */
  get whole(): boolean {
    return this.#whole;
  }

  /** The list was not what was asked for: from now on it is read as a whole. Said once. */
  enter(fault: ListFault, jobs: "finished" | "unfinished", logger: Logger): void {
    this.#whole = true;
    if (this.#warned) return;
    this.#warned = true;
    const what = fault.kind === "unfiltered" ? "filters" : "the order asked for";
    logger.warn(`primary ignores ${what}: reading the whole job list`, { jobs });
  }

  /** The list was what was asked for. */
  leave(): void {
    this.#whole = false;
  }
}
