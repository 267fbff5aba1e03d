/**
 * A page that several responses share, and that is freed with the last of them.
 *
 * @module
 */
import { release } from "../../base/release.ts";

/** A page ready to send. Several responses share its bytes: nobody may change them. */
export interface PageBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Value of `Content-Type`. */
  readonly contentType: string;
  /**
   * Whoever has asked for the page is done with its bytes; to be called once by each. Without it the
   * garbage collector frees them at a time of its own, and a page may have many megabytes.
   */
  done(): void;
}

/** Counts who uses a page: at first the one that it is made for. */
export class PageUsers {
  #users = 1;
  #retired = false;
  #bytes: Uint8Array | undefined;

  /** Someone else has asked for the page. */
  add(): void {
    this.#users++;
  }

  /** The page is there. */
  bodyOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): PageBody {
    this.#bytes = bytes;
    return {
      bytes,
      contentType,
      done: () => {
        this.#users--;
        this.#freeUnused();
      },
    };
  }

  /** Nobody else will ask for the page. */
  retire(): void {
    this.#retired = true;
    this.#freeUnused();
  }

  #freeUnused(): void {
    if (!this.#retired || this.#users > 0 || !this.#bytes) return;
    release(this.#bytes);
    this.#bytes = undefined;
  }
}
