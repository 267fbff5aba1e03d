/**
 * What can go wrong when talking to NetBackup. Each error says what failed, where, and what to do;
 * none holds an API key. One class per kind, with the facts as fields.
 *
 * @module
 */
export { type ErrorPlace, NetBackupError, type NetBackupErrorOptions } from "./errors/base.ts";
export { BodyTooLargeError, PagingError, UnexpectedBodyError } from "./errors/content.ts";
export { type ErrorLogFields, errorLogFields } from "./errors/log_fields.ts";
export { NetworkError, RequestTimeoutError } from "./errors/network.ts";
export { ERROR_REASONS, type ErrorReason, REASON_TABLE, type ReasonRow } from "./errors/reasons.ts";
export {
  HttpStatusError,
  statusError,
  type StatusFacts,
  UnsupportedError,
} from "./errors/status.ts";
export {
  BudgetExceededError,
  ClientAlreadyClosedError,
  ClientClosedError,
  ClientConfigError,
  RetryAfterError,
} from "./errors/unsent.ts";
