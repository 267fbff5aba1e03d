import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { ConfigError, formatConfigError } from "../../src/config/errors.ts";
import { loadText, type MemoryWorld } from "./memory_environment.ts";

/** All that a loaded or refused configuration lets anybody print. */
async function everythingPrinted(text: string, world: MemoryWorld): Promise<string> {
  const print = (value: unknown) =>
    [
      JSON.stringify(value),
      inspect(value, { depth: Infinity, showHidden: true }),
      Deno.inspect(value, { depth: Infinity, showHidden: true }),
      String(value),
    ].join("\n");
  try {
    // The digests of the files are no secret, but they are no text either.
    const { config, warnings, files } = await loadText(text, world);
    return print({ config, warnings, files });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    const { issues, message, stack, cause } = error;
    return [print({ issues, cause }), formatConfigError(error), message, stack].join("\n");
  }
}

/** Texts that cannot stand in a message by chance. */
const secretText = fc.string({ minLength: 0, maxLength: 40, unit: "binary" }).map((text) =>
  `Zq7${text}Xw9`
);
const printableSecret = fc.string({ maxLength: 40 }).map((text) => `Zq7${text}Xw9`);

/** The secret must not be there as a whole, nor its ends. */
function assertHidden(printed: string, how: string): void {
  assert.ok(!printed.includes("Zq7"), `${how}: ${printed.slice(0, 2000)}`);
  assert.ok(!printed.includes("Xw9"), `${how}: ${printed.slice(0, 2000)}`);
}

/** Sites that carry the secret in every way there is, good and bad. */
function texts(secret: string): Record<string, { text: string; world: MemoryWorld }> {
  const quoted = JSON.stringify(secret).replaceAll("\x7f", "\\x7f");
  const variables = { SECRET: secret };
  const site = (rest: string) => `nbuservers:\n- {site: a, host: h, ${rest}}\n`;
  return {
    quoted: { text: site(`apiKey: ${quoted}`), world: {} },
    unquoted: { text: `nbuserver:\n  host: h\n  apiKey: ${secret}\n`, world: {} },
    "broken quotes": { text: `nbuserver:\n  host: h\n  apiKey: "${secret}"x\n`, world: {} },
    "an alias": { text: `nbuserver:\n  host: h\n  apiKey: *${secret}\n`, world: {} },
    "a tag": { text: `nbuserver:\n  host: h\n  apiKey: !${secret} x\n`, world: {} },
    "a second colon": { text: `nbuserver:\n  apiKey: a: ${secret}\n`, world: {} },
    "with other problems": { text: site(`apiKey: ${quoted}, port: 0, hosst: x`), world: {} },
    "twice": { text: site(`apiKey: ${quoted}, apiKey: ${quoted}`), world: {} },
    "in a list": { text: site(`apiKey: [${quoted}]`), world: {} },
    "from a variable": { text: site("apiKey: '${SECRET}'"), world: { variables } },
    "beside a missing variable": { text: site("apiKey: '${SECRET}${NOPE}'"), world: { variables } },
    "from a variable used in a wrong place too": {
      text: site("apiKey: '${SECRET}', port: '${SECRET}', scheme: '${SECRET}'"),
      world: { variables },
    },
    "from a variable used in other wrong places": {
      text: site(
        "apiKey: '${SECRET}', timeout: '${SECRET}', caFile: '${SECRET}', uri: '${SECRET}', " +
          "apiVersion: '${SECRET}', insecureSkipVerify: '${SECRET}', retry: {minWait: '${SECRET}'}",
      ),
      world: { variables },
    },
    "as a password of a host": {
      text: `nbuserver:\n  apiKey: k\n  host: ${JSON.stringify(`u:${secret}@nbu`)}\n`,
      world: {},
    },
    "of a .env file": {
      text: site("apiKey: '${SECRET}', port: '${SECRET}'"),
      world: { files: { "/etc/nbu/.env": `SECRET='${secret}'\n` } },
    },
    "of a .env file with a mistake": {
      text: site("apiKey: '${SECRET}'"),
      world: { files: { "/etc/nbu/.env": `SECRET="${secret}\n${secret}` } },
    },
    "of a misspelt key": { text: site(`apikey: ${quoted}`), world: {} },
    "from a file": {
      text: site("apiKeyFile: key"),
      world: { files: { "/etc/nbu/key": secret } },
    },
    "a file beside a key": {
      text: site("apiKey: k, apiKeyFile: key"),
      world: { files: { "/etc/nbu/key": secret } },
    },
    "a private key": {
      text: site("apiKey: k, clientCertFile: c, clientKeyFile: key"),
      world: {
        files: {
          "/etc/nbu/c": "-----BEGIN CERTIFICATE-----",
          "/etc/nbu/key": `-----BEGIN PRIVATE KEY-----\n${secret}`,
        },
      },
    },
    "a private key for a CA": {
      text: site("apiKey: k, caFile: key"),
      world: { files: { "/etc/nbu/key": `-----BEGIN PRIVATE KEY-----\n${secret}` } },
    },
    "of a proxy": {
      text: site(
        `apiKey: k, proxy: ${
          JSON.stringify(`http://u:${encodeURIComponent(secret.toWellFormed())}@p:1`)
        }`,
      ),
      world: {},
    },
    "of a bad proxy": { text: site(`apiKey: k, proxy: ${quoted}`), world: {} },
    // Without colons: text before ": " is a key of YAML, and an unknown key is named on purpose.
    "the whole file": { text: secret.replaceAll(":", ";"), world: {} },
  };
}

Deno.test("no key, whatever its text, is printed by a configuration or by what is wrong with it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(printableSecret, secretText), async (secret) => {
      for (const [how, { text, world }] of Object.entries(texts(secret))) {
        assertHidden(await everythingPrinted(text, world), how);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("a key of printable ASCII arrives unchanged", async () => {
  await fc.assert(fc.asyncProperty(printableSecret, async (secret) => {
    for (const how of ["quoted", "from a variable", "from a file"]) {
      const { text, world } = texts(secret)[how] ?? { text: "", world: {} };
      const { config } = await loadText(text, world);
      // In the file itself ${NAME} means a variable; fast-check hardly ever writes one.
      assert.equal(config.sites[0]?.apiKey.reveal(), secret);
    }
  }));
});
