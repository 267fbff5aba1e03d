/**
 * Mock servers that Prism makes from the vendor's API documents: a second opinion on what responses
 * may look like, which nobody here wrote.
 *
 * @module
 */
import type { Release } from "../simulator/openapi.ts";
import { DOCUMENTS, documentsOf, type JoinedDocuments } from "./_documents.ts";

/** Downloaded for the test, and no dependency of the project: it brings a hundred packages. */
const PACKAGE = "@stoplight/prism-cli@5.14.2";
/** One of its packages would report the installation. */
const ENV = { SCARF_ANALYTICS: "false", DO_NOT_TRACK: "1" };
const DOWNLOAD_MS = 120_000;
const START_ATTEMPTS = 600;

/** The program, or why it cannot be had. */
export type Prism = { readonly program: string } | { readonly absent: string };

/** Finds Prism, and downloads it where that takes it. */
export async function findPrism(): Promise<Prism> {
  try {
    Deno.statSync(DOCUMENTS);
  } catch {
    return { absent: `there are no documents at ${DOCUMENTS}` };
  }
  try {
    const { success, stdout } = await new Deno.Command("npx", {
      // Started by npx, it would not end with it.
      args: ["-y", "-p", PACKAGE, "-c", "command -v prism"],
      env: ENV,
      stderr: "null",
      signal: AbortSignal.timeout(DOWNLOAD_MS),
    }).output();
    const program = new TextDecoder().decode(stdout).trim();
    return success && program !== "" ? { program } : { absent: `npx cannot fetch ${PACKAGE}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { absent: `npx cannot fetch ${PACKAGE}: ${reason}` };
  }
}

/** A mock server of a release. */
export interface MockServer extends Pick<JoinedDocuments, "names" | "nameOf"> {
  readonly release: Release;
  /**
   * Responds to a request.
   *
   * @param path The path below `/netbackup`, with its query.
   * @param seed What the response is made from: the same gives the same, so that a test fails for
   *   everybody or for nobody.
   */
  get(path: string, headers: HeadersInit, seed: string): Promise<Response>;
  stop(): Promise<void>;
}

/**
 * Starts a mock server, which listens when this settles.
 *
 * @param program Prism's.
 * @throws Error When it does not start.
 */
export async function startMock(program: string, release: Release): Promise<MockServer> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_prism_" });
  const { document, names, nameOf } = documentsOf(release);
  const file = `${directory}/${release}.json`;
  await Deno.writeTextFile(file, JSON.stringify(document));
  const port = freePort();
  const child = new Deno.Command("node", {
    args: [
      ...[program, "mock", "--dynamic", "--json-schema-faker-fillProperties=false"],
      ...["--verboseLevel", "fatal", "--port", String(port), file],
    ],
    env: ENV,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(directory, { recursive: true });
  };
  if (!await listens(url)) {
    await stop();
    throw new Error(`Prism does not listen for release ${release}`);
  }
  return {
    ...{ release, names, nameOf },
    get(path, given, seed) {
      const headers = new Headers(given);
      headers.set("prefer", `dynamic=true, seed=${seed}`);
      return fetch(`${url}${path}`, { headers });
    },
    stop,
  };
}

async function listens(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    try {
      await (await fetch(url)).body?.cancel();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
