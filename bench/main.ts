/**
 * All benchmarks: `deno task bench`, or some of them by name: `deno task bench collect`.
 *
 * Figures are of this machine at this moment; what carries over are the ratios.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { benchCollect } from "./collect.ts";
import { benchLedger } from "./ledger.ts";
import { benchScrape } from "./scrape.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  collect: benchCollect,
  ledger: benchLedger,
  scrape: benchScrape,
};

const wanted = Deno.args.length > 0 ? Deno.args : Object.keys(BENCHMARKS);
for (const name of wanted) {
  const benchmark = BENCHMARKS[name];
  if (!benchmark) {
    console.error(`no benchmark "${name}"; there are: ${Object.keys(BENCHMARKS).join(", ")}`);
    Deno.exit(1);
  }
  await benchmark();
}
