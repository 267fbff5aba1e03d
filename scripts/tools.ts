/**
 * The programs that the tests use beside Deno, and where they come from.
 *
 * @module
 */
import { isInstalled, spawnInherited } from "./command.ts";

/** Program and the Debian package it is in. */
const TOOLS: ReadonlyMap<string, string> = new Map([
  ["promtool", "prometheus"],
  ["prometheus", "prometheus"],
  ["openssl", "openssl"],
  ["git", "git"],
  ["systemd-analyze", "systemd"],
  ["chromium", "chromium"],
]);

/**
 * Installs what is missing, where that can be done: on Debian or its like, as root.
 *
 * @returns The programs that are still missing; tests that need them say so and skip.
 */
export async function ensureTools(): Promise<string[]> {
  const absent = await missing();
  if (absent.length === 0) return [];
  if (Deno.uid() !== 0 || !await isInstalled("apt-get")) return absent;
  const packages = [...new Set(absent.map((program) => TOOLS.get(program) ?? program))];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await spawnInherited("apt-get", ["update", "-qq"], { env });
  await spawnInherited(
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    {
      env,
    },
  );
  return await missing();
}

async function missing(): Promise<string[]> {
  const absent: string[] = [];
  for (const program of TOOLS.keys()) if (!await isInstalled(program)) absent.push(program);
  return absent;
}
