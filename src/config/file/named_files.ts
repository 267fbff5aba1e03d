/**
 * Files that the configuration names: keys and certificates.
 *
 * @module
 */
import { resolve } from "node:path";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import { headerValueFault } from "../schema/header_value.ts";
import type { NamedFileKind } from "../schema/keys.ts";
import type { TreeLeaf } from "../schema/walk.ts";
import { readAuthorities, readCertificates } from "./certificates.ts";
import { readFault } from "./environment.ts";
import { isKeyOf, privateKeyFault } from "./private_key.ts";

/** A file as it was read. */
export interface NamedFile {
  /** Absolute path. */
  readonly path: string;
  /** What is made use of: certificates without the text around them. */
  readonly content: string;
  readonly kind: NamedFileKind;
}

/** A named file that cannot be used. */
export interface NamedFileProblem {
  readonly path: KeyPath;
  /** Why, without a word of its content. */
  readonly reason: string;
  readonly expected: string;
}

/** What reading the named files gives. */
export interface NamedFiles {
  /** The files by the key that names them, `nbuservers[0].caFile`. */
  readonly byKey: ReadonlyMap<string, NamedFile>;
  readonly problems: readonly NamedFileProblem[];
}

const EXPECTED: Readonly<Record<NamedFileKind, string>> = {
  apiKey: "a readable file that holds an API key in printable ASCII and nothing else",
  ca: "a readable PEM file of CA certificates",
  certificate: "a readable PEM file of a certificate",
  privateKey: "a readable PEM file of an unencrypted private key",
};

type ContentRead = { readonly fault: string } | { readonly content: string };

const READ: Readonly<Record<NamedFileKind, (content: string) => ContentRead>> = {
  apiKey: (content) => {
    const fault = headerValueFault(content.trim());
    return fault === undefined
      ? { content: content.trim() }
      : { fault: `of what it holds: ${fault}` };
  },
  ca: (content) => contentOf(readAuthorities(content)),
  certificate: (content) => contentOf(readCertificates(content)),
  privateKey: (content) => {
    const fault = privateKeyFault(content);
    return fault === undefined ? { content } : { fault };
  },
};

function contentOf(read: ReturnType<typeof readCertificates>): ContentRead {
  return read.fault === undefined ? { content: read.pem } : read;
}

/**
 * Reads the files that values name.
 *
 * @param leaves Values of the configuration, variables put in.
 * @param folder Absolute path that relative ones start from.
 * @param readTextFile Reads one file; called once per file.
 * @param signal Ends the reading.
 */
export async function readNamedFiles(
  leaves: readonly TreeLeaf[],
  folder: string,
  readTextFile: (path: string) => Promise<string>,
  signal?: AbortSignal,
): Promise<NamedFiles> {
  const byKey = new Map<string, NamedFile>();
  const problems: NamedFileProblem[] = [];
  const reads = new Map<string, Promise<string>>();
  for (const { path: key, text, notes } of leaves) {
    if (!notes.file || text === "") continue;
    const path = resolve(folder, text);
    const read = reads.get(path) ?? readTextFile(path);
    reads.set(path, read);
    const expected = EXPECTED[notes.file];
    try {
      const result = READ[notes.file](await read);
      if ("fault" in result) problems.push({ path: key, reason: result.fault, expected });
      else byKey.set(formatKeyPath(key), { path, content: result.content, kind: notes.file });
    } catch (error) {
      signal?.throwIfAborted();
      problems.push({ path: key, reason: readFault(error), expected });
    }
  }
  for (const { path, notes } of leaves) {
    if (notes.file === "privateKey" && !isPair(byKey, path)) {
      problems.push({
        path,
        reason: "it is not the key of the certificate in clientCertFile",
        expected: "the private key of the certificate",
      });
    }
  }
  return { byKey, problems };
}

/** True unless a private key is not that of the certificate beside it. */
function isPair(byKey: ReadonlyMap<string, NamedFile>, keyPath: KeyPath): boolean {
  const key = byKey.get(formatKeyPath(keyPath));
  const certificate = byKey.get(formatKeyPath([...keyPath.slice(0, -1), "clientCertFile"]));
  return !key || !certificate || isKeyOf(key.content, certificate.content);
}
