/**
 * Versions of the API: what a client asks for in `Accept`, and what a server can speak.
 *
 * @module
 */

/** The oldest version any of the simulated releases still speaks. */
export const MIN_VERSION = 7;

/** Versions whose behaviour the simulator knows. */
export const API_VERSIONS = ["10.0", "11.0", "12.0", "13.0", "14.0"] as const;
/** Version of the API that a simulated primary speaks at most. */
export type ApiVersion = (typeof API_VERSIONS)[number];

const RELEASES: Readonly<Record<ApiVersion, string>> = {
  "10.0": "10.3",
  "11.0": "10.4",
  "12.0": "10.5",
  "13.0": "11.0",
  "14.0": "11.2",
};

/** Release of NetBackup that brought this version of the API. */
export function releaseOf(version: ApiVersion): string {
  return RELEASES[version];
}

/** Finds out whether a text is a version that the simulator knows. */
export function asApiVersion(text: string): ApiVersion | undefined {
  return API_VERSIONS.find((version) => version === text);
}

/** Media type of JSON responses in this version. */
export function mediaType(version: string): string {
  return `application/vnd.netbackup+json;version=${version}`;
}

const JSON_TYPE = /^application\/vnd\.netbackup\+json\s*;\s*version=(\d+\.\d+)$/;
const TEXT_TYPE = /^text\/vnd\.netbackup\+plain(?:\s*;\s*version=(\d+\.\d+))?$/;

/** Version in a media type of JSON; undefined when it is another type. */
export function versionIn(type: string): string | undefined {
  return JSON_TYPE.exec(type.trim())?.[1];
}

/**
 * The version to respond in.
 *
 * @param accept The header, if there was one.
 * @param oldest The oldest version that this endpoint speaks.
 * @returns Undefined when the server speaks none of those asked for.
 */
export function negotiate(
  accept: string | undefined,
  server: ApiVersion,
  oldest: number = MIN_VERSION,
): string | undefined {
  for (const type of (accept ?? "*/*").split(",")) {
    if (type.trim() === "*/*") return server;
    const version = versionIn(type);
    if (version && Number(version) >= oldest && Number(version) <= Number(server)) return version;
  }
  return undefined;
}

/** Whether `GET /ping` can respond: it speaks plain text only. */
export function acceptsPlainText(accept: string | undefined, server: ApiVersion): boolean {
  return (accept ?? "*/*").split(",").map((type) => type.trim()).some((type) => {
    if (type === "*/*" || type === "text/*" || type === "text/plain") return true;
    const match = TEXT_TYPE.exec(type);
    return match !== null && Number(match[1] ?? server) <= Number(server);
  });
}
