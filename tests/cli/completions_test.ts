import assert from "node:assert/strict";
import { isInstalled } from "../../scripts/command.ts";
import { skipped } from "../testing/skipped.ts";
import { runCli } from "./_run.ts";

/** Whether the completions for a shell cannot be tried, for want of the shell. */
async function isMissing(shell: string): Promise<boolean> {
  const reason = await isInstalled(shell) ? undefined : `${shell} is not installed`;
  return skipped(`the completions for ${shell} in the shell itself`, reason);
}

/** What bash offers after these words, the last of which is being typed. */
async function bashOffers(...words: readonly string[]): Promise<string[]> {
  const { out } = await runCli(["completions", "bash"]);
  const script = `${out}
COMP_WORDS=(nbu_exporter ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_nbu_exporter
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { success, stdout, stderr } = await new Deno.Command("bash", { args: ["-c", script] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}

Deno.test({
  name: "completions bash offers commands and flags, and those of a command after it",
  ignore: await isMissing("bash"),
  async fn() {
    assert.deepEqual(await bashOffers("d"), ["doctor"]);
    assert.deepEqual(await bashOffers("--web.l"), ["--web.listen-address"]);
    assert.deepEqual(await bashOffers("check", "--st"), ["--strict"]);
    assert.deepEqual(await bashOffers("doctor", "--st"), [""]);
  },
});

for (const [shell, check] of [["zsh", ["-n"]], ["fish", ["--no-execute"]]] as const) {
  const missing = await isMissing(shell);
  Deno.test(`completions ${shell} names every command and flag`, async () => {
    const { code, out } = await runCli(["completions", shell]);
    assert.equal(code, 0);
    const flag = shell === "fish" ? "-l " : "--";
    for (const word of ["check", "doctor", "metrics", `${flag}config.file`, `${flag}strict`]) {
      assert.ok(out.includes(word), word);
    }
    assert.ok(out.includes("NetBackup'\\''s"), "a quote within a description is escaped");
    if (missing) return;
    const child = new Deno.Command(shell, { args: [...check], stdin: "piped", stderr: "piped" })
      .spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(out));
    await writer.close();
    const { success, stderr } = await child.output();
    assert.ok(success, new TextDecoder().decode(stderr));
  });
}

Deno.test("completions refuses another shell and names those there are", async () => {
  const { code, out, err } = await runCli(["completions", "tcsh"]);
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /unknown shell 'tcsh'; choose one of bash, zsh, fish/);
});
