/**
 * What to do about an HTTP status, in one clause.
 *
 * @module
 */

/**
 * The advice for an HTTP status. 401 means "bad key" as well as "no permission" in NetBackup (349 of
 * 353 documented 401s of 11.2), 404 on a whole endpoint a release too old for it.
 */
export function statusHint(status: number): string | undefined {
  if (status >= 300 && status < 400) {
    return 'redirects are not followed, so that the key goes nowhere else: check "scheme" and "uri"';
  }
  switch (status) {
    case 400:
      return "NetBackup does not understand the query";
    case 401:
      return "the API key is not valid, or its role may not view this";
    case 403:
      return "give the role of the API key the permission to view this";
    case 404:
    case 410:
      return 'this NetBackup release does not have the endpoint, or "uri" is wrong';
    case 406:
      return 'NetBackup does not speak this API version: leave "apiVersion" empty to detect it';
    case 407:
      return 'check the credentials in "proxy"';
    case 429:
      return 'too many requests: lengthen "collectionInterval" or lower "maxConcurrentRequests"';
  }
  if (status >= 500) return "the primary is busy or failing: see the log of its web services";
  return undefined;
}
