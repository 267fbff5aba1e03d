import assert from "node:assert/strict";
import { cksum } from "../../scripts/package/cksum.ts";
import { isInstalled } from "../../scripts/command.ts";
import { skipped } from "../testing/skipped.ts";

Deno.test("cksum() gives the values that POSIX cksum gives", () => {
  assert.equal(cksum(new Uint8Array()), "4294967295 0");
  assert.equal(cksum(new TextEncoder().encode("123456789")), "930766865 9");
});

Deno.test({
  name: "cksum() agrees with the program on more than a few bytes",
  ignore: skipped(
    "cksum() against the program",
    await isInstalled("cksum") ? undefined : "there is no cksum",
  ),
  async fn() {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 3);
    const child = new Deno.Command("cksum", { stdin: "piped", stdout: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(bytes);
    await writer.close();
    assert.equal(cksum(bytes), new TextDecoder().decode((await child.output()).stdout).trim());
  },
});
