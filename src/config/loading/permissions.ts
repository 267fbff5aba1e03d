/**
 * Checks whether other users of this machine can read or write what contains a key.
 *
 * @module
 */
import type { ConfigEnvironment } from "../file/environment.ts";
import type { NamedFiles } from "../file/named_files.ts";
import { formatKeyPath } from "../key_path.ts";
import type { NamedFileKind } from "../schema/keys.ts";
import type { TreeLeaf } from "../schema/walk.ts";
import type { WarningCollector } from "./warnings.ts";

/** What is checked, and with what. */
export interface PermissionSubject {
  /** Absolute path of the configuration file. */
  readonly configPath: string;
  /** Values of the file as they were written, variables not put in. */
  readonly written: readonly TreeLeaf[];
  readonly files: NamedFiles;
  readonly environment: Pick<ConfigEnvironment, "factsOf">;
  readonly signal?: AbortSignal | undefined;
}

const SECRET_KINDS: readonly (NamedFileKind | undefined)[] = ["apiKey", "privateKey"];
const READ_BY_OTHERS = 0o004;
const WRITE_BY_OTHERS = 0o002;

/** Warns of each file with a key that every user of this machine can read or write. */
export async function checkPermissions(
  { configPath, written, files, environment, signal }: PermissionSubject,
  warnings: WarningCollector,
): Promise<void> {
  const rightsOf = async (path: string) => {
    const mode = (await environment.factsOf(path, signal))?.mode ?? 0;
    if (mode & WRITE_BY_OTHERS) return "write";
    return mode & READ_BY_OTHERS ? "read" : undefined;
  };
  const secret = written.find(({ notes, text }) => notes.secret && holdsSecret(text));
  const rights = await rightsOf(configPath);
  if (rights === "write") {
    warnings.add(
      "insecure",
      [],
      `every user of this machine can write this file; run "chmod o= ${configPath}"`,
    );
  } else if (rights === "read" && secret) {
    const message =
      `every user of this machine can read this file, which contains a secret; run "chmod o= ${configPath}"`;
    warnings.add("insecure", secret.path, message);
  }
  for (const { path: key, notes } of written) {
    const name = formatKeyPath(key);
    const file = SECRET_KINDS.includes(notes.file) ? files.byKey.get(name) : undefined;
    const found = file && await rightsOf(file.path);
    if (found) {
      warnings.add(
        "insecure",
        key,
        `every user of this machine can ${found} the file of ${name}; run "chmod o= ${file.path}"`,
      );
    }
  }
}

/** False for a variable, and for the URL of a proxy that needs no credentials. */
function holdsSecret(text: string): boolean {
  return !text.includes("${") && (text.includes("@") || !/^\w+:\/\//.test(text));
}
