/**
 * The flags the exporter runs with. The compile task bakes them in.
 *
 * @module
 */

/**
 * The least permissions that serve:
 *
 * - net: the primaries, our own port;
 * - read: the configuration and the files it names;
 * - env: `${NAME}` in the configuration;
 * - write: the log file, the state directory, the folder of Deno's caches (`scripts/bundle/load.ts`).
 *
 * Paths and hosts come from the configuration, and a reload may add some, so they are not limited
 * here; whoever builds for one installation can do that with `limitedFlags()`. Nothing may be run, no
 * foreign library loaded.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-env",
  "--allow-write",
];

/**
 * A smaller heap, since a primary server has better uses for 100 MB and more:
 *
 * - a young generation of 4 MB instead of 16 MB and more: parsed pages die young whatever its size;
 * - the old generation is collected when it has grown by 40 % instead of up to 300 %: little of what
 *   is read gets old, so that this costs next to nothing (`deno task bench sites`).
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=40";

/** For datagrams to the socket of systemd; it permits nothing. */
export const UNSTABLE_FLAGS: readonly string[] = ["--unstable-net"];

/** All flags. */
export const RUN_FLAGS: readonly string[] = [...PERMISSIONS, ...UNSTABLE_FLAGS, V8_FLAGS];

/**
 * Environment of the exporter where it is known beforehand: by the unit and in the packaged file.
 *
 * glibc keeps freed blocks for later, and the bodies of responses leave gaps that nothing fills. Blocks
 * of 256 KiB and more are given back at once with this. Less gives back no more, and costs processor
 * time; with 1 MiB, 50 sites take 40 MB more and a sixth less of that. Without glibc it means nothing.
 */
export const RUN_ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: "262144" } as const;

/** A bundled program needs no packages, no lock file and no configuration of Deno's, and looks for none. */
export const OFFLINE_FLAGS: readonly string[] = [
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-npm",
];

/** Lists by permission, separated by commas; one that is absent is not limited. */
export interface PermissionLists {
  /** `host:port`, the exporter's own address included. */
  readonly "allow-net"?: string | undefined;
  /** Files and folders. */
  readonly "allow-read"?: string | undefined;
  /** Files and folders. */
  readonly "allow-write"?: string | undefined;
  /** Names of variables. */
  readonly "allow-env"?: string | undefined;
}

/**
 * The flags of an exporter that may do no more than these lists say. A reload cannot go beyond them.
 *
 * @throws Error Where a list is empty, which Deno would take for no limit.
 */
export function limitedFlags(lists: PermissionLists): string[] {
  const given = new Map<string, string | undefined>(Object.entries(lists));
  for (const [name, list] of given) {
    if (list?.split(",").every((entry) => entry.trim() === "")) {
      throw new Error(`--${name} has an empty list`);
    }
  }
  return RUN_FLAGS.map((flag) => {
    const list = given.get(flag.replace(/^--/, ""));
    return list === undefined ? flag : `${flag}=${list}`;
  });
}
