import assert from "node:assert/strict";
import { join } from "node:path";

const TESTS = new URL("..", import.meta.url).pathname;

async function testFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await testFiles(path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files;
}

Deno.test("no test is left out without a word: what it is ignored by comes from skipped()", async () => {
  const files = await testFiles(TESTS);
  assert.ok(files.length > 200);
  let found = 0;
  for (const file of files) {
    if (file === import.meta.filename) continue;
    const source = await Deno.readTextFile(file);
    for (const [, reason = ""] of source.matchAll(/\bignore: *([^,}]+)/g)) {
      found += 1;
      if (reason.startsWith("skipped(") || reason.startsWith("await isMissing(")) continue;
      const declared = new RegExp(
        `(const ${reason}\\b[^;]*= skipped\\(|import [^;]*\\b${reason}\\b)`,
      );
      assert.match(reason, /^\w+$/, `${file}: ignore: ${reason}`);
      assert.match(source, declared, `${file}: ignore: ${reason}`);
    }
    assert.doesNotMatch(source, /Deno\.test\.ignore|if \(Deno\.build\.os .*\) return;/, file);
  }
  assert.ok(found > 20);
});
