/**
 * What common status codes mean, in words of our own.
 *
 * @module
 */

/** Class of a status code, as the value of a label. */
export type StatusClass = typeof STATUS_CLASSES[number];

/** All classes. */
export const STATUS_CLASSES = [
  "success",
  "partial",
  "failed",
  "cancelled",
  "missed_window",
] as const;

/** Meaning by status code. */
export const STATUS_MEANINGS: ReadonlyMap<number, string> = new Map([
  [-1, "no status was given"],
  [0, "completed"],
  [1, "completed in part: some files were skipped"],
  [2, "none of the requested files were backed up"],
  [3, "the archive is valid, but its files were not removed afterwards"],
  [4, "the archived files could not be removed"],
  [5, "the restore did not succeed"],
  [6, "the backup did not back up the files"],
  [7, "the archive did not back up the files"],
  [9, "an extension package is needed and missing"],
  [10, "memory could not be allocated"],
  [11, "a system call failed"],
  [12, "a file could not be opened"],
  [13, "a file could not be read"],
  [14, "a file could not be written"],
  [15, "a file could not be closed"],
  [20, "a command was called with a wrong parameter"],
  [21, "a socket could not be opened"],
  [22, "a socket could not be closed"],
  [23, "a socket could not be read"],
  [24, "a socket could not be written"],
  [25, "a connection could not be made through a socket"],
  [26, "the client and server could not agree to start"],
  [27, "a child process was killed by a signal"],
  [29, "a command could not be run"],
  [30, "the account of a user could not be looked up"],
  [34, "a child process did not end as expected"],
  [35, "a directory could not be made"],
  [36, "memory could not be allocated"],
  [37, "an operation was asked for by a host that may not"],
  [39, "the name of the client does not match"],
  [40, "the network connection broke"],
  [41, "the network connection timed out"],
  [42, "the network could not be read"],
  [43, "an unexpected message arrived"],
  [44, "the network could not be written"],
  [45, "a request came from a port that is not reserved"],
  [46, "the server is not allowed to access the client"],
  [47, "the host is unreachable"],
  [48, "the name of the client could not be resolved"],
  [49, "the client did not start"],
  [50, "the process on the client ended early"],
  [51, "the database did not respond in time"],
  [52, "the media were not mounted in time"],
  [54, "the connection to the client timed out"],
  [56, "the network of the client is unreachable"],
  [57, "the client refused the connection"],
  [58, "the client could not be connected to"],
  [59, "the client does not allow access by this server"],
  [63, "a process was ended by a signal"],
  [64, "the client did not start in time"],
  [67, "the client could not read the file list"],
  [69, "the file list is not valid"],
  [71, "none of the files in the list exist"],
  [72, "the type of the client is wrong in the configuration"],
  [73, "the script before the backup failed"],
  [74, "the script before the backup took too long"],
  [75, "the script after the backup took too long"],
  [76, "the client took too long to read a file"],
  [77, "a system command ended with an error"],
  [80, "the device service of the media manager is not running"],
  [81, "the volume service of the media manager is not running"],
  [82, "the media manager was ended by a signal"],
  [83, "the media could not be opened"],
  [84, "the media could not be written"],
  [85, "the media could not be read"],
  [86, "the media could not be positioned"],
  [87, "the media could not be closed"],
  [89, "shared memory could not be set up"],
  [90, "the media manager got no data for the image"],
  [92, "the image is not in the expected format"],
  [93, "the wrong tape is in the drive"],
  [94, "the position of the image was not found"],
  [95, "the media are not assigned to this host"],
  [96, "no media are available for the backup"],
  [97, "the requested media are in use"],
  [98, "the media could not be requested"],
  [99, "an NDMP backup failed"],
  [129, "the disk storage unit is full"],
  [130, "a system error occurred"],
  [134, "the resources of the server are busy"],
  [150, "ended by an administrator"],
  [156, "a snapshot failed"],
  [174, "the media manager had a system error"],
  [191, "no images were processed"],
  [196, "the backup window closed before the client was tried"],
  [197, "the schedule does not exist in the policy"],
  [198, "no active policy has such a schedule for the client"],
  [199, "the operation is not allowed at this time"],
  [200, "nothing is due to be scheduled"],
  [213, "no storage units are available"],
  [219, "a required storage unit is not available"],
  [227, "the requested entity was not found"],
  [236, "the client is in no active policy"],
  [239, "the client is not in the policy"],
  [240, "no schedule of this type in the policy"],
  [245, "the policy does not fit the type of the client"],
  [247, "the policy is not active"],
  [800, "a resource request failed"],
  [2001, "no drives are available"],
  [2074, "the disk volume is down"],
  [2106, "the disk storage server is down"],
  [4207, "the metadata of the snapshot could not be fetched"],
  [4239, "the virtual machine was not found"],
]);

/**
 * The class of a status code. 150 is a job that an administrator ended, 196 one whose window closed
 * before its turn came; both are neither successes nor failures of what the job does.
 */
export function statusClass(status: number): StatusClass {
  switch (status) {
    case 0:
      return "success";
    case 1:
      return "partial";
    case 150:
      return "cancelled";
    case 196:
      return "missed_window";
    default:
      return "failed";
  }
}

/** Whether what a job is for was done, if only in part. */
export function isSuccess(of: StatusClass): boolean {
  return of === "success" || of === "partial";
}

/** Whether it was not, and nobody wanted that. */
export function isFailure(of: StatusClass): boolean {
  return of === "failed" || of === "missed_window";
}
