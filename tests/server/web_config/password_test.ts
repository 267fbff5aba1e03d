import assert from "node:assert/strict";
import { compare, hashSync } from "bcryptjs";
import { bcryptHashFault, DecoyHashes } from "../../../src/server/web_config/bcrypt_hash.ts";
import { parseCredentials } from "../../../src/server/web_config/credentials.ts";
import { PasswordChecker } from "../../../src/server/web_config/password_checker.ts";
import { Verdicts } from "../../../src/server/web_config/verdicts.ts";
import { createFakeClock, settle } from "../../testing/fake_clock.ts";

const HASH = hashSync("secret", 4);

/** A checker whose comparisons end when they are told to. */
function manual() {
  const clock = createFakeClock();
  const calls: { password: string; hash: string; end: (equal: boolean) => void }[] = [];
  const checker = new PasswordChecker({
    clock,
    compare: (password, hash) =>
      new Promise((resolve) => calls.push({ password, hash, end: resolve })),
  });
  return { clock, calls, checker };
}

Deno.test("bcryptHashFault() accepts what htpasswd, PHP and OpenBSD write", () => {
  for (const prefix of ["$2y$", "$2b$", "$2a$", "$2$"]) {
    assert.equal(bcryptHashFault(HASH.replace("$2b$", prefix)), undefined, prefix);
  }
  for (const bad of ["", "secret", `${HASH}x`, HASH.slice(0, -1), HASH.replace("$2b$", "$2x$")]) {
    assert.match(bcryptHashFault(bad) ?? "", /htpasswd/);
  }
});

Deno.test("PasswordChecker.check() accepts the right password of a known user only", async () => {
  const checker = new PasswordChecker({ clock: createFakeClock() });
  assert.equal(await checker.check("a", "secret", HASH, true), "accepted");
  assert.equal(await checker.check("a", "Secret", HASH, true), "refused");
  assert.equal(await checker.check("a", "", HASH, true), "refused");
  assert.equal(await checker.check("b", "secret", HASH, false), "refused");
});

Deno.test("PasswordChecker.check() knows a verdict again without another comparison", async () => {
  const { calls, checker } = manual();
  const first = checker.check("a", "secret", HASH, true);
  await settle();
  calls[0]?.end(true);
  assert.equal(await first, "accepted");
  assert.equal(checker.check("a", "secret", HASH, true), "accepted");
  assert.equal(calls.length, 1);
  // Another hash of the same user, as after a change of the password, is another question.
  checker.check("a", "secret", hashSync("secret", 4), true);
  await settle();
  assert.equal(calls.length, 2);
});

Deno.test("PasswordChecker.check() tells apart what reads the same when joined", async () => {
  const { calls, checker } = manual();
  const first = checker.check("ab", "c", HASH, true);
  await settle();
  calls[0]?.end(true);
  await first;
  assert.notEqual(checker.check("a", "bc", HASH, true), "accepted");
});

Deno.test("PasswordChecker.check() compares once for equal requests at the same time", async () => {
  const { calls, checker } = manual();
  const checks = Array.from({ length: 100 }, () => checker.check("a", "secret", HASH, true));
  await settle();
  assert.equal(calls.length, 1);
  calls[0]?.end(true);
  assert.deepEqual(new Set(await Promise.all(checks)), new Set(["accepted"]));
});

Deno.test("PasswordChecker.check() runs one comparison at a time and turns away the tenth", async () => {
  const { calls, checker, clock } = manual();
  const checks = Array.from({ length: 9 }, (_, n) => checker.check("a", `guess ${n}`, HASH, true));
  await settle();
  assert.equal(calls.length, 1, "one runs, eight wait");
  assert.equal(checker.check("a", "guess 9", HASH, true), "busy");
  for (let n = 0; n < 9; n++) {
    await clock.advance(0);
    assert.equal(calls.length, n + 1);
    calls[n]?.end(false);
    await settle();
  }
  assert.deepEqual(new Set(await Promise.all(checks)), new Set(["refused"]));
});

Deno.test("PasswordChecker.check() rests after a wrong password as long as the check took", async () => {
  const { calls, checker, clock } = manual();
  const first = checker.check("a", "wrong", HASH, true);
  const second = checker.check("a", "secret", HASH, true);
  await settle();
  await clock.advance(70);
  calls[0]?.end(false);
  assert.equal(await first, "refused");
  await clock.advance(69);
  assert.equal(calls.length, 1);
  await clock.advance(1);
  assert.equal(calls.length, 2);
  calls[1]?.end(true);
  assert.equal(await second, "accepted");
});

Deno.test("PasswordChecker.check() goes on after a comparison that throws", async () => {
  const clock = createFakeClock();
  let fails = true;
  const checker = new PasswordChecker({
    clock,
    compare: () => fails ? Promise.reject(new Error("broken")) : Promise.resolve(true),
  });
  await assert.rejects(async () => await checker.check("a", "x", HASH, true), /broken/);
  fails = false;
  assert.equal(await checker.check("a", "x", HASH, true), "accepted");
});

Deno.test("DecoyHashes.of() gives an unknown user the cost of a known one, always the same", async () => {
  const hashes = [hashSync("a", 4), hashSync("b", 6)];
  const decoys = new DecoyHashes(hashes, new Uint8Array(32));
  const costs = new Set<string>();
  for (let n = 0; n < 100; n++) {
    const hash = decoys.of(`user ${n}`);
    assert.equal(hash, decoys.of(`user ${n}`));
    assert.equal(bcryptHashFault(hash), undefined);
    costs.add(hash.slice(4, 6));
  }
  assert.deepEqual([...costs].toSorted(), ["04", "06"]);
  assert.equal(await compare("", decoys.of("user 1")), false);
});

Deno.test("Verdicts evicts what was used longest ago, and keeps right passwords from wrong ones", () => {
  const verdicts = new Verdicts();
  verdicts.set("right", true);
  verdicts.set("first wrong", false);
  for (let n = 0; n < 99; n++) verdicts.set(`wrong ${n}`, false);
  assert.equal(verdicts.get("first wrong"), false, "used last now");
  verdicts.set("one more", false);
  assert.equal(verdicts.get("wrong 0"), undefined);
  assert.equal(verdicts.get("first wrong"), false);
  assert.equal(verdicts.get("right"), true);
});

const basic = (text: string) => `Basic ${btoa(text)}`;

Deno.test("parseCredentials() reads user and password of basic authentication", () => {
  assert.deepEqual(parseCredentials(basic("a:b:c")), { user: "a", password: "b:c" });
  assert.deepEqual(parseCredentials(basic(":")), { user: "", password: "" });
  assert.deepEqual(parseCredentials(`basic  ${btoa("a:b")}`), { user: "a", password: "b" });
  const utf8 = btoa(String.fromCharCode(...new TextEncoder().encode("ä:ö")));
  assert.deepEqual(parseCredentials(`Basic ${utf8}`), { user: "ä", password: "ö" });
});

Deno.test("parseCredentials() takes nothing else", () => {
  for (
    const header of [null, "", "Basic", "Basic ", "Bearer abc", "Basic a:b", basic("no colon")]
  ) {
    assert.equal(parseCredentials(header), undefined, `${header}`);
  }
});
