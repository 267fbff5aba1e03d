/**
 * Files that the configuration names: keys and certificates.
 *
 * @module
 */
import { resolve } from "node:path";
import { readFault } from "./environment.ts";
import { headerValueFault } from "../schema/header_value.ts";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import type { NamedFileKind } from "../schema/keys.ts";
import { certificateFault, privateKeyFault } from "./pem.ts";
import type { TreeLeaf } from "../schema/walk.ts";

/** A file as it was read. */
export interface NamedFile {
  /** Absolute path. */
  readonly path: string;
  readonly content: string;
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
  /** Absolute paths of all, read or not. */
  readonly paths: readonly string[];
}

const EXPECTED: Readonly<Record<NamedFileKind, string>> = {
  apiKey: "a readable file that holds an API key in printable ASCII and nothing else",
  ca: "a readable PEM file of CA certificates",
  certificate: "a readable PEM file of a certificate",
  privateKey: "a readable PEM file of an unencrypted private key",
};

const FAULT: Readonly<Record<NamedFileKind, (content: string) => string | undefined>> = {
  apiKey: (content) => {
    const fault = headerValueFault(content.trim());
    return fault === undefined ? undefined : `of what it holds: ${fault}`;
  },
  ca: certificateFault,
  certificate: certificateFault,
  privateKey: privateKeyFault,
};

/**
 * Reads the files that values name.
 *
 * @param leaves Values of the configuration, variables put in.
 * @param folder Absolute path that relative ones start from.
 * @param readTextFile Reads one file; called once per file.
 */
export async function readNamedFiles(
  leaves: readonly TreeLeaf[],
  folder: string,
  readTextFile: (path: string) => Promise<string>,
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
      const content = await read;
      const fault = FAULT[notes.file](content);
      if (fault === undefined) byKey.set(formatKeyPath(key), { path, content });
      else problems.push({ path: key, reason: fault, expected });
    } catch (error) {
      problems.push({ path: key, reason: readFault(error), expected });
    }
  }
  return { byKey, problems, paths: [...reads.keys()] };
}
