/**
 * The shell script that a package begins with.
 *
 * @module
 */

import { RUN_ENVIRONMENT } from "../run_flags.ts";

/** One of the two files in a package. */
export interface PackagedFile {
  /** As it stands in the package, compressed, in bytes. */
  readonly size: number;
  /** Digests of the unpacked file, in hexadecimal. */
  readonly sha256: string;
  readonly blake2b: string;
  /** What the POSIX program `cksum` prints of the unpacked file: checksum and size. */
  readonly cksum: string;
}

/** What the script has to know. */
export interface HeaderValues {
  readonly version: string;
  readonly commit: string;
  readonly denoVersion: string;
  readonly program: PackagedFile;
  readonly runtime: PackagedFile;
  /** Flags of `deno run`. */
  readonly flags: readonly string[];
}

const TEMPLATE = new URL("header.sh", import.meta.url);

/**
 * The script, with a line feed at its end.
 *
 * @throws Error When a value would need quoting in the shell, or the template has a place without one.
 */
export async function packageHeader(values: HeaderValues): Promise<string> {
  const { version, commit, denoVersion, program, runtime, flags } = values;
  const texts: Readonly<Record<string, string>> = {
    VERSION: version,
    COMMIT: commit,
    DENO_VERSION: denoVersion,
    // Another program or another Deno is unpacked beside what is there.
    ID: `${version}-${program.sha256.slice(0, 12)}-${runtime.sha256.slice(0, 12)}`,
    PROGRAM_SIZE: String(program.size),
    PROGRAM_SHA256: program.sha256,
    PROGRAM_BLAKE2B: program.blake2b,
    RUNTIME_SIZE: String(runtime.size),
    RUNTIME_SHA256: runtime.sha256,
    RUNTIME_BLAKE2B: runtime.blake2b,
    RUNTIME_CKSUM: runtime.cksum,
    FLAGS: flags.join(" "),
    MALLOC_MMAP_THRESHOLD: RUN_ENVIRONMENT.MALLOC_MMAP_THRESHOLD_,
  };
  const template = await Deno.readTextFile(TEMPLATE);
  return template.replace(/@([A-Z0-9_]+)@/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`"@${name}@" in ${TEMPLATE.pathname} has no value`);
    if (!/^[\w.,=: +-]*$/.test(text)) throw new Error(`"${text}" needs quoting in the shell`);
    return text;
  });
}
