import assert from "node:assert/strict";
import { DEMO_QUERIES } from "../../scripts/demo_world.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { parsePage } from "../testing/parsed_page.ts";
import { eventually } from "./harness.ts";

const ROOT = new URL("../..", import.meta.url);

async function refuses(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return false;
  } catch {
    return true;
  }
}

Deno.test("the demo shows live data by all collectors, a site that fails and queries; Ctrl-C stops all of it", async () => {
  // The usual port may be in use on this machine; then the demo takes another, which is shown too.
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "demo"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  const reading = (async () => {
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) text += part;
  })();
  try {
    await eventually("live data is shown", () => text.includes("Ctrl-C stops all."));
    assert.match(text, /berlin\s+API 14\.0/);
    assert.match(text, /oslo\s+API 10\.0/);
    const shown = text.slice(text.indexOf("demo: simulated"));
    for (const site of ["berlin", "oslo"]) assert.ok(shown.includes(`nbu_up{site="${site}"} 1`));
    assert.ok(shown.includes('nbu_up{site="lisbon"} 0'));
    assert.match(shown, /lisbon .*down: it refuses the API key/);
    const [, state = ""] = /Counters are kept in (\S+) until/.exec(shown) ?? [];
    await eventually("there is state", () => [...Deno.readDirSync(state)].length > 2);
    for (const { query } of DEMO_QUERIES) assert.ok(shown.includes(query), query);
    const addresses = [...text.matchAll(/http:\/\/127\.0\.0\.1:\d+[^\s"]*/g)].map(([url]) => url);
    const metrics = addresses.find((url) => url.endsWith("/metrics"));
    assert.ok(metrics);
    const page = await (await fetch(metrics)).text();
    assert.match(page, /^nbu_jobs_count\{site="oslo"/m);
    assert.match(page, /^nbu_disk_bytes\{site="berlin",name="msdp-berlin-02"/m);
    await eventually(
      "every collector has succeeded, or its release lacks what it reads",
      async () => {
        const page = parsePage(await (await fetch(metrics)).text());
        return COLLECTORS.every(({ name: collector }) =>
          ["berlin", "oslo"].every((site) =>
            page.value("nbu_collector_success", { site, collector }) === 1 ||
            page.value("nbu_collector_unsupported", { site, collector }) === 1
          )
        );
      },
    );
    child.kill("SIGINT");
    const { code } = await child.status;
    await reading;
    assert.equal(code, 0, text);
    assert.match(text, /level=info msg=stopped/);
    for (const url of addresses) {
      await eventually(`nobody answers at ${url}`, () => refuses(url));
    }
    await assert.rejects(Deno.stat(state), "it leaves nothing behind");
  } finally {
    try {
      child.kill("SIGINT");
    } catch {
      // It has ended.
    }
    await child.status;
    await reading;
  }
});
