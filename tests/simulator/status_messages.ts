/**
 * Texts of status codes, in our own words.
 *
 * @module
 */

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [0, "the operation was completed"],
  [1, "the operation was completed in part"],
  [6, "the backup failed to back up the files"],
  [13, "reading a file failed"],
  [24, "writing to a socket failed"],
  [41, "the network connection timed out"],
  [50, "the client process was aborted"],
  [58, "connecting to the client failed"],
  [59, "the server is not allowed to access the client"],
  [71, "none of the files of the list exist"],
  [84, "writing to the media failed"],
  [87, "closing the media failed"],
  [129, "the disk storage unit is full"],
  [150, "an administrator ended the job"],
  [156, "taking a snapshot failed"],
  [196, "the backup window closed before the client was tried"],
  [2074, "the disk volume is down"],
  [2106, "the disk storage server is down"],
]);

/** The text of a status code; undefined when the server knows none. */
export function statusMessage(status: number): string | undefined {
  return MESSAGES.get(status);
}
