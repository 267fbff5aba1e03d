/**
 * A `filter` or `sort` parameter that the server does not accept.
 *
 * @module
 */

/** Becomes a 400 with the message among the `errorDetails`. */
export class FilterError extends Error {
  override name = "FilterError";
}
