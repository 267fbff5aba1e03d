/**
 * Errors that nothing handled: faults of the exporter.
 *
 * @module
 */

/** Counts errors that nothing handled. */
export class UnhandledErrors {
  #count = 0;

  /** Errors since the start. */
  get count(): number {
    return this.#count;
  }

  /**
   * Keeps such errors from ending the process, and counts them.
   *
   * @param report Called with each of them.
   * @returns Function that lets them end the process again.
   */
  catchAll(report: (error: unknown) => void): () => void {
    const caught = (event: Event, error: unknown) => {
      event.preventDefault();
      this.#count += 1;
      report(error);
    };
    const onRejection = (event: PromiseRejectionEvent) => caught(event, event.reason);
    const onError = (event: ErrorEvent) => caught(event, event.error);
    globalThis.addEventListener("unhandledrejection", onRejection);
    globalThis.addEventListener("error", onError);
    return () => {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    };
  }
}
