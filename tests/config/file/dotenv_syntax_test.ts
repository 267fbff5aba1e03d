import assert from "node:assert/strict";
import { DotenvSyntaxError, parseDotenv } from "../../../src/config/file/dotenv_syntax.ts";

const OUTER: Readonly<Record<string, string>> = { OUTER: "outer", A: "not this one" };

function parse(content: string): Record<string, string> {
  return Object.fromEntries(parseDotenv(content, (name) => OUTER[name]));
}

/** Lines and the value of `F`, as godotenv gives it. */
const VALUES: readonly (readonly [string, string])[] = [
  ["F=a#b", "a#b"],
  ["F=a #b", "a"],
  ["F=a\t# b", "a"],
  ["F=#a", "#a"],
  ["F=a # b # c", "a"],
  ["F = a b  ", "a b"],
  ["F: a", "a"],
  ["F:a", "a"],
  ["export F=a", "a"],
  ["  export\tF=a", "a"],
  ["F=", ""],
  ["F=''", ""],
  ["F='a # b'", "a # b"],
  ["F='a$A\\n'", "a$A\\n"],
  ['F="a # b" # c', "a # b"],
  ['F="a\\nb"', "a\nb"],
  ['F="a\\"b"', 'a"b'],
  ['F="a\nb"', "a\nb"],
  ["A=1\nF=x${A}y", "x1y"],
  ["A=1\nF=$A", "1"],
  ['A=1\nF="x${A}y"', "x1y"],
  ["A=1\nF='x${A}y'", "x${A}y"],
  ['A=1\nF="x\\${A}y"', "x${A}y"],
  ["F=$OUTER", "outer"],
  ["F=x$NOT_SET", "x"],
  ["A=1\nF=x$(A)", "x1)"],
  ["F=a$b", "a$b"],
  ['F="\\$5"', "$5"],
  ["F=cost 5$", "cost 5$"],
  ["F=http://u:p@h?a=b&c", "http://u:p@h?a=b&c"],
  ["F=a\r\nG=b\r\n", "a"],
  ["# F=no\n\n  # nor this\nF=a", "a"],
  ["---\nF=a", "a"],
  ["F=first\nF=second", "second"],
];

Deno.test("parseDotenv() gives the values that godotenv gives", () => {
  for (const [content, value] of VALUES) assert.equal(parse(content)["F"], value, content);
});

Deno.test("parseDotenv() reads all variables of a file", () => {
  assert.deepEqual(parse("A=1\n# c\nexport B='2'\nC: 3\nD=\"4\"\n"), {
    A: "1",
    B: "2",
    C: "3",
    D: "4",
  });
  assert.deepEqual(parse(""), {});
  assert.deepEqual(parse("# nothing"), {});
});

Deno.test("parseDotenv() names the line it cannot understand, and quotes nothing of it", () => {
  const faults: readonly (readonly [string, number])[] = [
    ["A=1\ns3cret", 2],
    ["A=1\n\ns3cret-x=1", 3],
    ["=s3cret", 1],
    ["A='s3cret", 1],
    ['A=1\nB="s3cret\n', 2],
  ];
  for (const [content, line] of faults) {
    assert.throws(() => parse(content), (error) => {
      assert.ok(error instanceof DotenvSyntaxError);
      assert.equal(error.line, line, content);
      assert.ok(!error.message.includes("s3cret"));
      return true;
    });
  }
});
