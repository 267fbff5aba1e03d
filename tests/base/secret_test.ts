import assert from "node:assert/strict";
import { format, inspect } from "node:util";
import fc from "fast-check";
import { Secret } from "../../src/base/secret.ts";

const TEXT = "s3cr3t-Api-Key-Value";

function everyPrint(secret: Secret): Record<string, string> {
  const nested = {
    a: [{ deep: { deeper: { deepest: { secret } } } }],
    map: new Map([["k", secret]]),
  };
  return {
    template: `${secret}`,
    concatenated: "" + secret,
    string: String(secret),
    locale: secret.toLocaleString(),
    join: [secret, secret].join(),
    json: JSON.stringify(secret),
    "json nested": JSON.stringify(nested),
    inspect: inspect(secret),
    "inspect everything": inspect(nested, { depth: Infinity, showHidden: true, getters: true }),
    "inspect without custom functions": inspect(nested, {
      depth: Infinity,
      showHidden: true,
      customInspect: false,
      getters: true,
      showProxy: true,
    }),
    "Deno.inspect": Deno.inspect(secret),
    "Deno.inspect everything": Deno.inspect(nested, {
      depth: Infinity,
      showHidden: true,
      getters: true,
      showProxy: true,
    }),
    "Deno.inspect of a proxy": Deno.inspect(new Proxy(secret, {}), { showProxy: true }),
    "%s": format("%s", secret),
    "%o": format("%o", secret),
    "%O": format("%O", nested),
    "%j": format("%j", nested),
    "%d %i %f": format("%d %i %f", secret, secret, secret),
    "plain argument": format(secret, nested),
    error: String(new Error(`cannot use ${secret}`)),
    "error with cause": inspect(new Error("x", { cause: secret }), {
      depth: Infinity,
      showHidden: true,
    }),
    "own keys": Reflect.ownKeys(secret).map(String).join(),
    "own values": JSON.stringify(Object.entries(secret)),
    "spread copy": inspect({ ...secret }, { showHidden: true }),
    "structured clone": inspect(structuredClone({ ...secret }), { showHidden: true }),
    "object tag": Object.prototype.toString.call(secret),
    "assertion message": assertionMessage(secret),
  };
}

function assertionMessage(secret: Secret): string {
  try {
    assert.deepEqual({ secret }, { secret: "another" });
  } catch (error) {
    return String(error);
  }
  return "";
}

Deno.test("Secret gives its text to reveal() only, however else it is printed", () => {
  const secret = new Secret(TEXT);
  assert.equal(secret.reveal(), TEXT);
  for (const [how, printed] of Object.entries(everyPrint(secret))) {
    assert.ok(!printed.includes(TEXT), `${how} printed ${printed}`);
  }
});

Deno.test("Secret prints [redacted] in the usual ways", () => {
  const secret = new Secret(TEXT);
  assert.equal(`${secret}`, "[redacted]");
  assert.equal("key " + secret, "key [redacted]");
  assert.equal(JSON.stringify({ secret }), '{"secret":"[redacted]"}');
  assert.equal(inspect(secret), "[redacted]");
  assert.equal(secret[inspect.custom](), "[redacted]");
  assert.equal(Deno.inspect({ secret }), "{ secret: [redacted] }");
  assert.equal(format("%s %o", secret, secret), "[redacted] [redacted]");
});

Deno.test("Secret keeps any text whatsoever to itself", () => {
  fc.assert(fc.property(fc.string({ minLength: 4 }), (text) => {
    // Marked, so that a short text does not happen to stand in the print anyway.
    const marked = `\u00a7${text}\u00a7`;
    const secret = new Secret(marked);
    assert.equal(secret.reveal(), marked);
    assert.ok(!inspect(secret, { showHidden: true }).includes("\u00a7"));
    assert.ok(!JSON.stringify({ secret }).includes("\u00a7"));
    assert.ok(!`${secret}`.includes("\u00a7"));
  }));
});

Deno.test("Secret.equals compares texts", () => {
  assert.ok(new Secret("a").equals(new Secret("a")));
  assert.ok(!new Secret("a").equals(new Secret("b")));
});

Deno.test("Secret cannot be changed", () => {
  const secret = new Secret(TEXT);
  assert.throws(() => Object.assign(secret, { reveal: () => "other" }), TypeError);
  assert.equal(secret.reveal(), TEXT);
});
