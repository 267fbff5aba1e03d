/**
 * Writes a package: a shell script with the program and Deno behind it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { cksum } from "./cksum.ts";
import { type HeaderValues, type PackagedFile, packageHeader } from "./header.ts";

/** What goes into a package. */
export interface PackageOptions extends Pick<HeaderValues, "version" | "commit" | "flags"> {
  /** The program as one JavaScript module. */
  readonly programFile: string;
  /** The Deno executable. */
  readonly denoFile: string;
  readonly denoVersion: string;
  /** From 1, fast, to 9, small. @default {9} */
  readonly compression?: number;
  /** Where to write it; what is there is replaced. */
  readonly output: string;
}

/** Writes the package, executable for everybody. */
export async function writePackage(options: PackageOptions): Promise<void> {
  const { programFile, denoFile, output, compression = 9 } = options;
  const program = await compressed(programFile, compression);
  const runtime = await compressed(denoFile, compression);
  const header = await packageHeader({
    ...options,
    program: program.facts,
    runtime: runtime.facts,
  });
  const partial = `${output}.part`;
  using file = await Deno.open(partial, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  await writer.write(new TextEncoder().encode(header));
  // The script finds them from the end of the file, in this order.
  await writer.write(program.bytes);
  await writer.write(runtime.bytes);
  await writer.close();
  await Deno.chmod(partial, 0o755);
  await Deno.rename(partial, output);
}

interface CompressedFile {
  readonly bytes: Uint8Array;
  readonly facts: PackagedFile;
}

async function compressed(path: string, level: number): Promise<CompressedFile> {
  const content = await Deno.readFile(path);
  const bytes = await promisify(gzip)(content, { level });
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest("hex");
  return {
    bytes,
    facts: {
      size: bytes.length,
      sha256: digest("sha256"),
      blake2b: digest("blake2b512"),
      cksum: cksum(content),
    },
  };
}
