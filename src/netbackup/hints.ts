/**
 * What to do about an error, in one clause.
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
      return 'check "apiKey": it is wrong or expired, or its role may not view this';
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
  if (status >= 500) return "the primary is busy or failing: see its web service logs";
  return undefined;
}

const CERTIFICATE_WORDS =
  /certificate|UnknownIssuer|self.signed|CaUsedAsEndEntity|NotValidForName|UnableToVerify|unable to verify/i;

/** True when the network's words mean that a certificate was refused. */
export function isCertificateProblem(detail: string): boolean {
  return CERTIFICATE_WORDS.test(detail);
}

/** The advice for what the network said, as far as there is one. */
export function networkHint(detail: string): string | undefined {
  if (/CertificateRequired|certificate required|bad certificate/i.test(detail)) {
    return 'the primary asks for a client certificate: check "clientCertFile" and "clientKeyFile"';
  }
  if (/NotValidForName|not valid for name|altname/i.test(detail)) {
    return 'use a "host" that the certificate names';
  }
  if (isCertificateProblem(detail)) {
    return 'put the certificate of the NetBackup CA into "caFile"';
  }
  if (/dns error|ENOTFOUND|EAI_AGAIN|lookup/i.test(detail)) return 'check "host"';
  if (/refused|ECONNREFUSED/i.test(detail)) {
    return 'check "host" and "port", and that the NetBackup web services run';
  }
  if (/requires net access|NotCapable/i.test(detail)) return "allow it with --allow-net";
  return undefined;
}
