/**
 * Responses that say what went wrong, in NetBackup's form (`errorResponse` of the vendor documents).
 *
 * The documents give no error codes for these cases, so the numbers are our own; a client must not
 * depend on them.
 *
 * @module
 */
import { mediaType } from "./version.ts";

/** A response other than 200. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly errorCode: number;
  readonly details: readonly string[];

  /**
   * @param status HTTP status.
   * @param errorCode NetBackup's code.
   * @param details Go into `errorDetails`.
   */
  constructor(status: number, errorCode: number, message: string, details: readonly string[] = []) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.details = details;
  }
}

/** 400: the query makes no sense to the server. */
export const badRequest = (detail: string): ApiError =>
  new ApiError(400, 9901, "The request is not valid.", [detail]);

/** 401: no key, or one the server does not know. */
export const unauthorized = (): ApiError =>
  new ApiError(401, 9902, "The API key is missing or not valid.", [
    "The Authorization header is missing or the token is invalid.",
  ]);

/** 401 as well: a good key without the permission. */
export const notPermitted = (): ApiError =>
  new ApiError(401, 8000, "User does not have permission to perform the requested operation.", [
    "The role of the user does not grant access to this namespace.",
  ]);

/** 403: what a few endpoints respond with instead. */
export const forbidden = (): ApiError =>
  new ApiError(403, 8000, "User does not have permission to perform the requested operation.", [
    "The role of the user does not grant access to this object.",
  ]);

/** 404: nothing there. */
export const notFound = (what: string): ApiError =>
  new ApiError(404, 9904, "The requested resource does not exist.", [what]);

/** 405 */
export const methodNotAllowed = (method: string): ApiError =>
  new ApiError(405, 9905, "The HTTP method is not allowed.", [method]);

/** 406: a version or media type that the server does not speak. */
export const notAcceptable = (accept: string): ApiError =>
  new ApiError(406, 9906, "Invalid Accept type.", [
    `The Accept header does not match what this API produces: ${accept}`,
  ]);

/** 415: the same of a body sent. */
export const unsupportedMediaType = (contentType: string): ApiError =>
  new ApiError(415, 9915, "Unsupported media type.", [
    `The Content-Type header is not supported: ${contentType}`,
  ]);

/** The body of an error. */
export function errorBody(
  error: Pick<ApiError, "errorCode" | "message" | "details">,
): Record<string, unknown> {
  return {
    errorCode: error.errorCode,
    errorMessage: error.message,
    errorDetails: [...error.details],
    attributeErrors: {},
  };
}

/** The response for an error. */
export function errorResponse(error: ApiError, version: string): Response {
  return new Response(JSON.stringify(errorBody(error)), {
    status: error.status,
    headers: { "content-type": mediaType(version) },
  });
}
