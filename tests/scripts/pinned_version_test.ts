import assert from "node:assert/strict";

const ROOT = new URL("../..", import.meta.url);

Deno.test("the version of Deno is pinned in .dvmrc, and whoever repeats it agrees", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
  const pinned = (await read(".dvmrc")).trim();
  assert.match(pinned, /^\d+\.\d+\.\d+$/);
  const readme = await read("README.md");
  const named = [...readme.matchAll(/deno@([\d.]+)/g)].map((match) => match[1]);
  assert.ok(named.length >= 2, "the README names the version in both commands");
  assert.deepEqual([...new Set(named)], [pinned]);
});

Deno.test("the start task runs with exactly the flags of the compile task", async () => {
  const { RUN_FLAGS } = await import("../../scripts/run_flags.ts");
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const flags = (command: string) =>
    command.match(/--(no-prompt|allow-\S+|unstable-\S+|v8-flags=\S+)/g);
  assert.deepEqual(flags(tasks.start.command), RUN_FLAGS);
});

Deno.test("the import map pins every dependency exactly", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  for (const target of Object.values(imports)) {
    assert.match(String(target), /^npm:(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+$/);
  }
});
