/**
 * All benchmarks: `deno task bench`, or some of them by name: `deno task bench collect`. What follows
 * the name of one are its flags: `deno task bench sites --sites 5,10 --seconds 30`.
 *
 * Figures are of this machine at this moment; what carries over are the ratios.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { benchCheckpoint } from "./checkpoint.ts";
import { benchCollect } from "./collect.ts";
import { benchCollectors } from "./collectors.ts";
import { benchLedger } from "./ledger.ts";
import { benchPasswords } from "./passwords.ts";
import { benchPublish } from "./publish.ts";
import { benchScrape } from "./scrape.ts";
import { benchServers } from "./servers.ts";
import { benchSites } from "./sites.ts";
import { benchStart } from "./start.ts";
import { benchTracing } from "./tracing.ts";

/** Those without flags take no parameter. */
const BENCHMARKS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  checkpoint: benchCheckpoint,
  collect: benchCollect,
  collectors: benchCollectors,
  ledger: benchLedger,
  passwords: benchPasswords,
  publish: benchPublish,
  scrape: benchScrape,
  servers: benchServers,
  sites: benchSites,
  start: benchStart,
  tracing: benchTracing,
};

const firstFlag = Deno.args.findIndex((arg) => arg.startsWith("-"));
const names = firstFlag === -1 ? Deno.args : Deno.args.slice(0, firstFlag);
const flags = firstFlag === -1 ? [] : Deno.args.slice(firstFlag);
if (flags.length > 0 && (names.length !== 1 || BENCHMARKS[names[0] ?? ""]?.length === 0)) {
  console.error(`"${flags.join(" ")}" must follow the name of one benchmark that has flags`);
  Deno.exit(1);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  const benchmark = BENCHMARKS[name];
  if (!benchmark) {
    console.error(`no benchmark "${name}"; there are: ${Object.keys(BENCHMARKS).join(", ")}`);
    Deno.exit(1);
  }
  await benchmark(flags);
}
