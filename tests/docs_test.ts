/** What README and docs tell a reader to type or paste is executed here. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import denoJson from "../deno.json" with { type: "json" };
import { isInstalled } from "../scripts/command.ts";
import { DEMO_QUERIES } from "../scripts/demo_world.ts";
import { CATALOGUE } from "../scripts/docs/catalogue.ts";
import { documentationPages, type FencedBlock, fencedBlocks, ROOT } from "./_fenced_blocks.ts";
import { commandsOf, isServiceCommand } from "./_service_commands.ts";
import { runCli } from "./cli/_run.ts";
import { makeCertificates } from "./testing/certificates.ts";
import { skipped } from "./testing/skipped.ts";

const pages = new Map<string, string>();
for (const page of await documentationPages()) {
  pages.set(page, await Deno.readTextFile(join(ROOT, page)));
}
const blocks = [...pages].flatMap(([page, text]) => fencedBlocks(page, text));

/** Blocks that a reader executes, by language; others are generated, or shown only. */
const EXECUTED = ["yaml", "promql", "sh"];
const GENERATED = ["ts"];
const SHOWN = ["text", ""];

function of(language: string): FencedBlock[] {
  return blocks.filter((block) => block.language === language);
}

function placeOf({ page, line }: FencedBlock): string {
  return `${page}:${line}`;
}

const noPromtool = skipped(
  "expressions of the documentation",
  await isInstalled("promtool") ? undefined : "promtool is not installed",
);

/** Runs `promtool check` on a text. */
async function promtoolAccepts(what: "rules" | "config", text: string, place: string) {
  const file = await Deno.makeTempFile({ suffix: ".yml" });
  try {
    await Deno.writeTextFile(file, text);
    const { success, stdout, stderr } = await new Deno.Command("promtool", {
      args: ["check", what, file],
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, `${place}: ${said}`);
  } finally {
    await Deno.remove(file);
  }
}

/** What a YAML block is for. */
function purposeOf(block: FencedBlock): "configuration" | "rules" | "prometheus" {
  const tree = parse(block.text);
  if ("nbuservers" in tree) return "configuration";
  if ("groups" in tree) return "rules";
  if ("scrape_configs" in tree) return "prometheus";
  throw new Error(`${placeOf(block)}: no test knows what this YAML is for`);
}

Deno.test("every block of code says what it is, and is executed or plainly only shown", () => {
  assert.ok(blocks.length > 20);
  for (const block of blocks) {
    assert.ok([...EXECUTED, ...GENERATED, ...SHOWN].includes(block.language), placeOf(block));
  }
});

Deno.test("every block of TypeScript stands between the markers of a generated part", () => {
  const found = blocks.filter(({ language }) => GENERATED.includes(language));
  assert.ok(found.length > 0);
  for (const block of found) {
    const before = (pages.get(block.page) ?? "").split("\n").slice(0, block.line - 2).join("\n");
    assert.match(before, /<!-- generated: \w+ -->\s*$/, placeOf(block));
  }
});

Deno.test("configurations of the documentation pass check --strict without a warning", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { caFile } = await makeCertificates(directory);
    const caCert = await Deno.readTextFile(caFile);
    const files = {
      "/etc/nbu_exporter/berlin.key": "A1uMjmj93mrpsW9q\n",
      "/etc/nbu_exporter/oslo.key": "A1uMjmj93mrpsW9q\n",
      "/etc/nbu_exporter/berlin-ca.pem": caCert,
      "/etc/nbu_exporter/oslo-ca.pem": caCert,
      "/etc/nbu_exporter/nbu-ca.json": JSON.stringify({ webRootCertificateData: [{ caCert }] }),
    };
    const found = of("yaml").filter((block) => purposeOf(block) === "configuration");
    assert.ok(found.length > 0);
    for (const block of found) {
      const { code, err } = await runCli(["check", "--strict"], { config: block.text, files });
      assert.deepEqual({ code, err }, { code: 0, err: "" }, placeOf(block));
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test({
  name: "rules and scrape configurations of the documentation pass promtool",
  ignore: noPromtool,
  async fn() {
    const purposes = new Set<string>();
    for (const block of of("yaml")) {
      const purpose = purposeOf(block);
      purposes.add(purpose);
      if (purpose === "rules") await promtoolAccepts("rules", block.text, placeOf(block));
      if (purpose === "prometheus") await promtoolAccepts("config", block.text, placeOf(block));
    }
    assert.equal(purposes.size, 3);
  },
});

Deno.test({
  name: "expressions of the documentation pass promtool",
  ignore: noPromtool,
  async fn() {
    const expressions = [
      ...of("promql").map(({ text }) => text),
      ...DEMO_QUERIES.map(({ query }) => query),
    ];
    const rules = expressions.map((expr, index) => ({ record: `test:${index}`, expr }));
    assert.ok(rules.length > 10);
    const text = JSON.stringify({ groups: [{ name: "documentation", rules }] });
    await promtoolAccepts("rules", text, "a promql block");
  },
});

Deno.test("expressions of the documentation name metrics that exist", () => {
  const names = new Set(CATALOGUE.map(({ name }) => name));
  for (const block of [...of("promql"), ...of("yaml")]) {
    for (const [name] of block.text.matchAll(/\bnbu_(?!exporter\b)[a-z_]+/g)) {
      const known = names.has(name) || names.has(name.replace(/_(bucket|sum|count)$/, ""));
      assert.ok(known, `${placeOf(block)}: ${name}`);
    }
  }
});

Deno.test("commands of the documentation exist: their arguments are parsed, and their tasks known", async () => {
  const tasks = Object.keys(denoJson.tasks);
  let commands = 0;
  for (const block of of("sh")) {
    for (const command of commandsOf(block)) {
      commands++;
      const [, task] = /^(?:npx -y deno@\S+|deno) task (\S+)/.exec(command) ?? [];
      const [, args] = /^nbu_exporter(| .*)$/.exec(command) ?? [];
      if (task !== undefined) assert.ok(tasks.includes(task), `${placeOf(block)}: ${command}`);
      else if (args !== undefined) await understood(args.split(" ").filter(Boolean), block);
      else assert.ok(isServiceCommand(command), `${placeOf(block)}: ${command}`);
    }
  }
  assert.ok(commands > 10);
});

/** What a command that is understood asks for, where there is nothing of it: a file, not help. */
const ASKS_FOR = /cannot read the (web )?configuration|cannot use the file "\S+" of --ca-file/;

/** Runs a command where there are no files. */
async function understood(args: readonly string[], block: FencedBlock): Promise<void> {
  const { code, err, served } = await runCli(args);
  if (served.length === 1) return;
  assert.notEqual(code, 0, placeOf(block));
  assert.match(err, ASKS_FOR, `${placeOf(block)}: ${args.join(" ")}`);
}

Deno.test("README lists every command and every flag of the program", async () => {
  const readme = pages.get("README.md") ?? "";
  const { out } = await runCli(["--help"]);
  const flags = [...out.matchAll(/--[a-z][a-z.-]+/g)].map(([flag]) => flag);
  for (const flag of flags) {
    if (["--help", "--version"].includes(flag)) continue;
    assert.ok(readme.includes(`${flag}`), flag);
  }
  const [, commands = ""] = /Commands:\n([^]*?)\n\n/.exec(out) ?? [];
  const names = [...commands.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
  assert.ok(names.length >= 6);
  for (const name of names) assert.ok(readme.includes(`\`nbu_exporter ${name}`), name);
});

Deno.test("README explains every dependency of the import map, and no other", () => {
  const readme = pages.get("README.md") ?? "";
  const [, table = ""] = /\n## Dependencies\n([^]*?)\n## /.exec(readme) ?? [];
  const listed = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  const used = Object.values(denoJson.imports)
    .map((specifier) => specifier.replace(/^npm:/, "").replace(/@[\d.]+$/, ""));
  assert.deepEqual(listed.toSorted(), used.toSorted());
});

Deno.test("what docs/migration.md says is refused is refused", async () => {
  const page = pages.get("docs/migration.md") ?? "";
  const refused = ["collectionInterval: 5x", "collectionInterval: 5ms", "uri: /"];
  for (const line of refused) {
    assert.ok(page.includes(line), line);
    const config = `server: {${line}}\nnbuservers: [{site: a, host: h, apiKey: k}]\n`;
    assert.equal((await runCli(["check"], { config })).code, 1, line);
  }
  const twice = "nbuservers: [{site: a, host: h, host: i, apiKey: k}]\n";
  assert.equal((await runCli(["check"], { config: twice })).code, 1);
  const warned = `server: {port: 09440}
nbuservers: [{site: a, host: h, apiKey: k, insecureSkipVerify: "", apiVersion: "9.0"}]
---
second: document
`;
  const { code, err } = await runCli(["check"], { config: warned });
  assert.equal(code, 0, err);
  assert.equal(err.trim().split("\n").length, 4, err);
});

Deno.test("links within the documentation lead somewhere", async () => {
  for (const [page, text] of pages) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = join(ROOT, path === "" ? page : join(dirname(page), path));
      const linked = await Deno.readTextFile(file);
      if (anchor === undefined) continue;
      const anchors = [...linked.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-")
      );
      assert.ok(anchors.includes(anchor), `${page}: ${target}`);
    }
  }
});
