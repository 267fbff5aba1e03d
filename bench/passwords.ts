/**
 * What checking passwords costs, and whether its time tells which users exist.
 *
 * Wrong passwords of a known user and passwords of unknown ones take turns, each one new, so that no
 * verdict is known. The Mann-Whitney test says how likely the two series are of one kind: beyond
 * three standard deviations (|z| > 3) the time would tell users apart.
 *
 * ```
 * deno task bench passwords --samples 50 --cost 6
 * ```
 *
 * @module
 */
import { hash } from "bcryptjs";
import { systemClock } from "../src/base/clock.ts";
import { Secret } from "../src/base/secret.ts";
import { PasswordChecker } from "../src/server/web_config/password_checker.ts";
import { protect } from "../src/server/web_config/protect.ts";
import { OPEN_WEB_CONFIG } from "../src/server/web_config/types.ts";
import { numberLists, single } from "./flags.ts";
import { digits, printTable } from "./table.ts";

const KNOWN_REQUESTS = 20_000;

/** Measures, and prints a table. */
export async function benchPasswords(args: readonly string[]): Promise<void> {
  const flags = numberLists(args, { samples: [150], cost: [8] });
  const samples = single("samples", flags.samples);
  const cost = single("cost", flags.cost);
  const users = new Map([["prometheus", new Secret(await hash("right", cost))]]);
  // No rest after a wrong password: it would only add to both.
  const clock = { ...systemClock, sleep: () => Promise.resolve() };
  const handler = protect(() => new Response(), {
    config: { ...OPEN_WEB_CONFIG, users },
    passwords: new PasswordChecker({ clock }),
    clock,
  });
  const milliseconds = async (credentials: string) => {
    const headers = { Authorization: `Basic ${btoa(credentials)}` };
    const started = performance.now();
    await handler(new Request("http://localhost/", { headers }));
    return performance.now() - started;
  };

  const wrong: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < samples; n++) {
    const pair = [
      async () => wrong.push(await milliseconds(`prometheus:guess-${n}`)),
      async () => unknown.push(await milliseconds(`promethius:guess-${n}`)),
    ];
    // Whoever goes first alternates as well.
    for (const measure of n % 2 === 0 ? pair : pair.toReversed()) await measure();
  }
  await milliseconds("prometheus:right");
  const known: number[] = [];
  for (let n = 0; n < KNOWN_REQUESTS; n++) known.push(await milliseconds("prometheus:right"));

  const z = mannWhitney(wrong, unknown);
  printTable(`Passwords, bcrypt of cost ${cost}`, [
    ["", "median, ms"],
    ["wrong password", digits(median(wrong))],
    ["unknown user", digits(median(unknown))],
    ["known verdict", digits(median(known), 4)],
  ]);
  printTable(`Wrong password against unknown user, ${samples} samples each`, [
    ["z of the Mann-Whitney test", "tells users apart"],
    [digits(z), Math.abs(z) > 3 ? "yes" : "no"],
  ]);
}

/** The test's statistic in standard deviations; two series of one kind give a value near 0. */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const ranked = [
    ...a.map((value) => ({ value, first: true })),
    ...b.map((value) => ({ value, first: false })),
  ].toSorted((x, y) => x.value - y.value);
  let rankSum = 0;
  ranked.forEach(({ first }, index) => rankSum += first ? index + 1 : 0);
  const u = rankSum - a.length * (a.length + 1) / 2;
  const mean = a.length * b.length / 2;
  return (u - mean) / Math.sqrt(a.length * b.length * (a.length + b.length + 1) / 12);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
