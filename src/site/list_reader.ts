/**
 * Reads lists for the collectors of one site: finds out what a refusal means, and does not ask again
 * for what the release lacks.
 *
 * @module
 */
import type { ListReader } from "../collectors/collector.ts";
import type { Query, RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import {
  type Endpoint,
  EndpointUnsupportedError,
  type ListResource,
  type ListRows,
  readResource,
} from "../netbackup/resource.ts";
import { compareVersions } from "../netbackup/version.ts";
import type { EndpointSupport } from "./endpoint_support.ts";
import { ForbiddenError } from "./errors.ts";
import type { SessionHolder } from "./session.ts";

/** What a reader needs. */
export interface ListReaderOptions {
  readonly site: string;
  readonly session: SessionHolder;
  readonly support: EndpointSupport;
  /** Limits of the run that it reads for. */
  readonly request: RequestContext;
}

/** Makes the reader of one run. */
export function createListReader(options: ListReaderOptions): ListReader {
  return { read: (resource, query = {}) => read(options, resource, query) };
}

async function read<R>(
  options: ListReaderOptions,
  resource: ListResource<R>,
  query: Query,
): Promise<ListRows<R>> {
  const { site, session, support, request } = options;
  const { endpoint } = resource;
  const current = await session.ensure(request);
  const { version } = current;
  const missing = compareVersions(version, resource.since) < 0 ||
    support.isMissing(endpoint, version);
  if (missing) throw new EndpointUnsupportedError(site, resource, version);
  try {
    const list = await readResource(current, resource, query, request);
    support.note(endpoint, version, true);
    return list;
  } catch (error) {
    if (!(error instanceof HttpStatusError)) throw error;
    explainRefusal(site, resource, error);
    if (![404, 406, 410].includes(error.status)) throw error;
    // Of a path with parameters it says that this one thing is not there, nothing about the others.
    if (error.status !== 406 && resource.path !== undefined) {
      throw new EndpointUnsupportedError(site, resource, version, error);
    }
    const worked = support.works(endpoint, version);
    // What worked a moment ago tells of an upgrade; what never has, of a release without it.
    const upgraded = error.status === 406 &&
      await session.renegotiate(current, support.expects(resource, version), request);
    if (upgraded) return await read(options, resource, query);
    // The release has it, so this is a failure: web services that are restarting, say.
    if (worked) throw error;
    support.note(endpoint, version, false, error.status === 406);
    throw new EndpointUnsupportedError(site, resource, version, error);
  }
}

/**
 * Puts a refusal into words. A bad key has an error of its own by now, see `SessionHolder.ensure()`.
 *
 * @throws ForbiddenError When the key is good for other things.
 */
export function explainRefusal(site: string, resource: Endpoint, error: HttpStatusError): void {
  if (error.status === 401 || error.status === 403) throw new ForbiddenError(site, resource, error);
}
