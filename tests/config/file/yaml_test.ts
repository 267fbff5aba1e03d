// deno-lint-ignore-file no-console -- the library prints with it
import assert from "node:assert/strict";
import fc from "fast-check";
import { readYaml } from "../../../src/config/file/yaml.ts";

/** The tree as plain objects. */
function treeOf(text: string): unknown {
  const { tree, problems } = readYaml(text);
  assert.deepEqual(problems, []);
  return JSON.parse(JSON.stringify(tree));
}

function problemsOf(text: string): string[] {
  return readYaml(text).problems.map(({ place, path, message }) =>
    `${place?.line}:${place?.column} ${path.join(".")}: ${message}`
  );
}

Deno.test("readYaml() keeps the text of scalars that YAML 1.1 would turn into something else", () => {
  const text =
    "{a: 9440, b: 14.0, c: 010, d: 1:30, e: yes, f: 2001-01-01, g: 0x1F, h: 1_000, i: 1e3}";
  assert.deepEqual(treeOf(text), {
    a: "9440",
    b: "14.0",
    c: "010",
    d: "1:30",
    e: "yes",
    f: "2001-01-01",
    g: "0x1F",
    h: "1_000",
    i: "1e3",
  });
});

Deno.test("readYaml() resolves quotes, escapes and blocks", () => {
  const text =
    `a: "x\\ty"\nb: 'it''s'\nc: |\n  two\n  lines\nd: >-\n  one\n  line\ne: plain\n  goes on\n`;
  assert.deepEqual(treeOf(text), {
    a: "x\ty",
    b: "it's",
    c: "two\nlines\n",
    d: "one line",
    e: "plain goes on",
  });
});

Deno.test("readYaml() gives null for nothing, ~ and null, but not for a quoted one", () => {
  assert.deepEqual(treeOf(`a:\nb: ~\nc: null\nd: "null"\ne: ""\nf: [~]\n`), {
    a: null,
    b: null,
    c: null,
    d: "null",
    e: "",
    f: [null],
  });
  assert.equal(readYaml("").tree, null);
  assert.equal(readYaml("# nothing\n---\n").tree, null);
});

Deno.test("readYaml() knows the places of keys and values", () => {
  const { places } = readYaml("server:\n  port: 9440\nlist:\n- site: a\n  host:\n");
  assert.deepEqual(places.value(["server", "port"]), { line: 2, column: 9 });
  assert.deepEqual(places.key(["server", "port"]), { line: 2, column: 3 });
  assert.deepEqual(places.value(["list", 0, "site"]), { line: 4, column: 9 });
  // Without a value the key is what can be shown; without a key, what is around it.
  assert.deepEqual(places.value(["list", 0, "host"]), { line: 5, column: 3 });
  assert.deepEqual(places.value(["list", 0, "apiKey"]), { line: 4, column: 3 });
  assert.deepEqual(places.key(["server", "x"]), { line: 2, column: 3 });
  assert.equal(readYaml("").places.value(["a"]), undefined);
});

Deno.test("readYaml() follows aliases, the last anchor of a name before them counting", () => {
  const text = "a: &x one\nb: *x\nc: &x {k: [two]}\nd: *x\n";
  assert.deepEqual(treeOf(text), { a: "one", b: "one", c: { k: ["two"] }, d: { k: ["two"] } });
});

Deno.test("readYaml() merges: own keys win, then the earlier of two sources", () => {
  const text = [
    "base: &base {a: 1, b: 1, c: 1}",
    "more: &more {b: 2, c: 2, d: 2}",
    "one: {a: own, <<: *base}",
    "two: {<<: [*base, *more], c: own}",
    "three: {<<: {z: inline}}",
    "",
  ].join("\n");
  const tree = treeOf(text);
  assert.deepEqual(tree, {
    base: { a: "1", b: "1", c: "1" },
    more: { b: "2", c: "2", d: "2" },
    one: { a: "own", b: "1", c: "1" },
    two: { a: "1", b: "1", c: "own", d: "2" },
    three: { z: "inline" },
  });
  const { places } = readYaml(text);
  assert.deepEqual(places.value(["one", "a"]), { line: 3, column: 10 });
  assert.deepEqual(places.value(["one", "b"]), { line: 1, column: 23 });
  assert.deepEqual(places.value(["one"]), { line: 3, column: 6 });
});

Deno.test("readYaml() tells duplicate keys with both places", () => {
  assert.deepEqual(problemsOf("a:\n  host: x\n  port: 1\n  host: y\n"), [
    "4:3 a.host: duplicate key, first on line 2",
  ]);
  assert.deepEqual(problemsOf("on: 1\n'on': 2\n"), [
    "2:1 on: duplicate key, first on line 1",
  ]);
});

Deno.test("readYaml() refuses what aliases cannot mean, without quoting them", () => {
  const unknown = problemsOf("apiKey: *s3cret\n");
  assert.equal(unknown.length, 1);
  assert.match(unknown[0] ?? "", /^1:9 apiKey: an alias \(\*name\) has no anchor/);
  assert.ok(!unknown.join().includes("s3cret"));
  assert.match(
    problemsOf("a: &a\n  b: *a\n").join(),
    /2:6 a\.b: an alias \(\*name\) refers to a value that contains it/,
  );
  assert.match(problemsOf("a: &a\n  <<: *a\n").join(), /refers to a value that contains it/);
  assert.match(problemsOf("a: &a text\nb:\n  <<: *a\n").join(), /needs an alias of a mapping/);
});

Deno.test("readYaml() refuses alias bombs at once", () => {
  const levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level++) {
    const alias = `*a${level - 1}`;
    levels.push(`a${level}: &a${level} [${Array(10).fill(alias).join(", ")}]`);
  }
  const { tree, problems } = readYaml(levels.join("\n"));
  assert.equal(tree, undefined);
  assert.match(problems[0]?.message ?? "", /too many values, or values nested too deeply/);
});

Deno.test("readYaml() refuses deep nesting", () => {
  assert.match(problemsOf(`a: ${"[".repeat(40)}${"]".repeat(40)}`).join(), /nested too deeply/);
  const { tree, problems } = readYaml(`${"[".repeat(30_000)}${"]".repeat(30_000)}`);
  assert.equal(tree, undefined);
  assert.deepEqual(problems.map(({ message }) => message), [
    "not valid YAML: it is nested too deeply",
  ]);
});

Deno.test("readYaml() refuses keys that are no text", () => {
  assert.deepEqual(problemsOf("? [a]\n: b\n"), ["1:3 : a key must be a word or a quoted text"]);
  assert.deepEqual(treeOf("k: &k name\n*k : value\n"), { k: "name", name: "value" });
});

Deno.test("readYaml() takes any key as data", () => {
  const { tree } = readYaml("__proto__: {polluted: 1}\nconstructor: 2\ntoString: 3\n");
  assert.deepEqual(Object.keys(tree ?? {}), ["__proto__", "constructor", "toString"]);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

Deno.test("readYaml() refuses bombs made of merge keys at once", () => {
  const levels = ["a0: &a0 {x: 1}"];
  for (let level = 1; level < 12; level++) {
    const sources = Array(10).fill(`*a${level - 1}`).join(", ");
    levels.push(`a${level}: &a${level} {<<: [${sources}]}`);
  }
  const { tree, problems } = readYaml(levels.join("\n"));
  assert.equal(tree, undefined);
  assert.match(problems[0]?.message ?? "", /check the aliases/);
});

Deno.test("readYaml() allows an anchor that hundreds of sites share", () => {
  const sites = Array.from({ length: 300 }, (_, n) => `- {<<: *site, name: s${n}, retry: *retry}`);
  const text = `a: &site {port: 1}\nb: &retry {x: [1, 2]}\nsites:\n${sites.join("\n")}\n`;
  const { tree, problems } = readYaml(text);
  assert.deepEqual(problems, []);
  assert.equal(JSON.parse(JSON.stringify(tree)).sites[299].retry.x[1], "2");
});

Deno.test("readYaml() reads the first document and says where a second one begins", () => {
  const { tree, secondDocument } = readYaml("a: 1\n---\nb: 2\n");
  assert.deepEqual({ ...Object(tree) }, { a: "1" });
  assert.equal(secondDocument?.line, 2);
  assert.equal(readYaml("---\na: 1\n---\n").secondDocument, undefined);
  assert.equal(readYaml("---\na: 1\n...\n").secondDocument, undefined);
});

Deno.test("readYaml() prints nothing, whatever the library's debug variables say", () => {
  const printed: string[] = [];
  const methods = { log: console.log, dir: console.dir };
  const collect = (...args: unknown[]) => void printed.push(args.join(" "));
  Object.assign(console, { log: collect, dir: collect });
  try {
    for (const name of ["LOG_TOKENS", "LOG_STREAM"]) {
      Deno.env.set(name, "1");
      readYaml("apiKey: s3cret\n");
      assert.deepEqual(printed, []);
      assert.equal(Deno.env.get(name), undefined);
    }
  } finally {
    Object.assign(console, methods);
  }
});

const BROKEN: Readonly<Record<string, RegExp>> = {
  "a: b: s3cret": /1:4 : not valid YAML: there is a second ": " on the line/,
  "a:\n  b: s3cret\n   c: s3cret": /3:4 : not valid YAML: the line is indented too far/,
  "- b: s3cret\n    c: s3cret": /2:5 : not valid YAML: the line is indented too far/,
  'a: "x"s3cret': /1:7 : not valid YAML: there is text that does not belong here/,
  "a: [s3cret": /1:11 : not valid YAML: the indentation does not fit, or a bracket/,
  "\ta: s3cret": /1:1 : not valid YAML: a tab/,
  "a: @s3cret": /1:4 : not valid YAML: a value begins with a character YAML reserves/,
  "a: %s3cret": /1:4 : not valid YAML: a value begins with a character YAML reserves/,
  'a: "\\s3cret"': /1:5 : not valid YAML: a backslash/,
  "l:\n  - a: 1\n    b: s3cret\n   c: d": /4:1 : not valid YAML: the indentation does not fit/,
  "l:\n  - a: 1\n - a: s3cret": /3:1 : not valid YAML: the indentation does not fit/,
  "l:\n  - a: 1\n    - a: s3cret": /3:1 : not valid YAML: the indentation does not fit/,
  "- a\nb: s3cret": /2:1 : not valid YAML/,
  'a: "s3cret': /not valid YAML/,
  "a: 'x\n": /not valid YAML: a character is missing/,
};

Deno.test("readYaml() tells YAML's errors with their place and without the text around it", () => {
  for (const [text, message] of Object.entries(BROKEN)) {
    const problems = problemsOf(text);
    assert.equal(problems.length, 1, text);
    assert.match(problems[0] ?? "", message, text);
    assert.ok(!problems.join().includes("s3cret"), text);
    assert.equal(readYaml(text).tree, undefined);
  }
});

Deno.test("readYaml() reads tagged values as their text", () => {
  assert.deepEqual(treeOf("a: !!str 12\nb: !mine x\nc: !!int '3'\n"), { a: "12", b: "x", c: "3" });
});

Deno.test("readYaml() never throws", () => {
  const pieces = fc.constantFrom(
    "a: ",
    "- ",
    "\n",
    "  ",
    "&x ",
    "*x",
    "<<: ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "|",
    "? ",
    ": ",
    "!!omap ",
    "!!set ",
    "!!binary ",
    "~",
    "#",
    "%",
    "---\n",
    "b",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { tree, problems } = readYaml(text);
      assert.ok(tree !== undefined || problems.length > 0);
    }),
    { numRuns: 500 },
  );
});
