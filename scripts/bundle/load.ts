/**
 * What a bundle begins with: runs the program behind it, with the code that V8 compiled for an earlier
 * start.
 *
 * V8 compiles a function when it is first called, of which a start has two thousand: a third of its
 * time. Deno keeps compiled code as well, but what V8 has before it runs anything, which is next to
 * nothing of them. What is kept here is all that has been called by the time the first collections have
 * ended. It lies in the folder where Deno keeps the same kind of file, hence is as safe as they are.
 *
 * @module
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";
import { writeAtomically } from "../../src/state/atomic_write.ts";
import { lazyRequire, type Require } from "./lazy_modules.ts";

/** The exports of a program. */
export interface ProgramModule {
  exports: {
    /**
     * Runs it.
     *
     * @param serving Called when it begins to serve.
     */
    readonly run?: (serving: () => void) => Promise<unknown>;
  };
}

/** A program as a CommonJS module: it is given `require`, and sets its exports. */
export type Program = (require: Require, module: ProgramModule) => void;

/** What is known of a program when it is bundled. */
export interface ProgramFacts {
  /** Tells programs apart: 64 characters of ASCII. */
  readonly digest: string;
  /** Where the program is, for the stacks of errors. */
  readonly url: string;
  /** Lines of that file before the program. */
  readonly linesBefore: number;
}

/** Where and when compiled code is kept. */
export interface KeepOptions {
  /** The folder; without it nothing is kept. */
  readonly directory: string | undefined;
  /** How long after it begins to serve, in milliseconds. */
  readonly delayMs: number;
}

/** One file for all versions, so that nothing has to be cleared away. */
export const KEPT_CODE = "nbu_exporter_code";

/** By then most collectors have run. */
const DELAY_MS = 10_000;

/** The digest of the program, and the checksum of the code in hexadecimal. */
const HEADER_LENGTH = 64 + 8;

/**
 * Runs a program. That it cannot keep its code, or read what is kept, costs time only.
 *
 * @param program Reads nothing from around it: it is compiled anew from its text.
 */
export async function load(
  program: Program,
  facts: ProgramFacts,
  keeping: KeepOptions = { directory: denoDirectory(), delayMs: DELAY_MS },
): Promise<void> {
  // Before anything takes time, as in src/cli/boot.ts.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => {});
  const file = keeping.directory === undefined ? undefined : join(keeping.directory, KEPT_CODE);
  const cachedData = file === undefined ? undefined : readCode(file, facts.digest);
  // As it is, the text is part of that of the bundle, and takes no memory of its own.
  const script = new Script(program.toString(), {
    filename: facts.url,
    lineOffset: facts.linesBefore,
    ...(cachedData && { cachedData }),
  });
  const compiled: Program = script.runInThisContext();
  const module: ProgramModule = { exports: {} };
  compiled(lazyRequire(createRequire(import.meta.url)), module);
  await module.exports.run?.(() => {
    if (file === undefined || (cachedData && script.cachedDataRejected === false)) return;
    Deno.unrefTimer(setTimeout(() => keepCode(script, file, facts.digest), keeping.delayMs));
  });
}

/** The folder of Deno's caches; undefined where it is not known, or may not be known. */
function denoDirectory(): string | undefined {
  try {
    const named = Deno.env.get("DENO_DIR");
    if (named) return named;
    const cache = Deno.env.get("XDG_CACHE_HOME");
    if (cache) return join(cache, "deno");
    const home = Deno.env.get("HOME");
    return home ? join(home, ".cache", "deno") : undefined;
  } catch {
    return undefined;
  }
}

/** What stands before the code. V8 compares versions and flags, and believes all else. */
function headerOf(digest: string, code: Uint8Array): string {
  return `${digest}${crc32(code).toString(16).padStart(8, "0")}`;
}

/** Reads code that was kept; undefined where there is none of this program, or it is damaged. */
function readCode(file: string, digest: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Deno.readFileSync(file);
    const code = bytes.subarray(HEADER_LENGTH);
    const header = new TextDecoder().decode(bytes.subarray(0, HEADER_LENGTH));
    return header === headerOf(digest, code) ? code : undefined;
  } catch {
    return undefined;
  }
}

async function keepCode(script: Script, file: string, digest: string): Promise<void> {
  try {
    const code = script.createCachedData();
    await writeAtomically(file, [new TextEncoder().encode(headerOf(digest, code)), code]);
  } catch {
    // The next start takes longer, no more.
  }
}
