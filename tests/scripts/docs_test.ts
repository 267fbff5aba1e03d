import assert from "node:assert/strict";
import { currentPage, PAGES } from "../../scripts/docs.ts";
import { markdownTable, replaceGenerated } from "../../scripts/markdown.ts";

for (const { path, render } of PAGES) {
  Deno.test(`${path} is up to date: deno task docs writes it`, async () => {
    const current = await currentPage(path);
    assert.equal(current, await render(current), `${path} is out of date: run deno task docs`);
  });
}

Deno.test("replaceGenerated() replaces what stands between the markers, and only that", () => {
  const page = "# Page\n\n<!-- generated: a -->\n\nold\n\n<!-- end: a -->\n\nafter\n";
  const expected = "# Page\n\n<!-- generated: a -->\n\nnew\n\n<!-- end: a -->\n\nafter\n";
  assert.equal(replaceGenerated(page, "a", "new"), expected);
  assert.equal(replaceGenerated(expected, "a", "new"), expected);
});

Deno.test("replaceGenerated() refuses a page without both markers in their order", () => {
  for (const page of ["", "<!-- generated: a -->", "<!-- end: a --><!-- generated: a -->"]) {
    assert.throws(() => replaceGenerated(page, "a", "new"), /no markers/);
  }
});

Deno.test("markdownTable() pads columns as deno fmt does, and escapes pipes", async () => {
  const table = markdownTable([["A", "Long head"], ["some text", ""], ["b"], ["`|c|`", "d"]]);
  assert.deepEqual(table.split("\n"), [
    "| A         | Long head |",
    "| --------- | --------- |",
    "| some text |           |",
    "| b         |           |",
    "| `\\|c\\|`   | d         |",
  ]);
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${table}\n`));
  await writer.close();
  const { stdout } = await formatter.output();
  assert.equal(new TextDecoder().decode(stdout), `${table}\n`);
});
