import assert from "node:assert/strict";
import { loadText, siteText } from "../memory_environment.ts";
import { CLIENT_CERTIFICATE, CLIENT_KEY } from "../pem.ts";

const CONFIG = "/etc/nbu/config.yaml";

async function warningsOf(
  text: string,
  modes: Readonly<Record<string, number>>,
  variables: Record<string, string> = {},
): Promise<string[]> {
  const files = {
    "/etc/nbu/key": "k",
    "/etc/nbu/pem": CLIENT_CERTIFICATE,
    "/etc/nbu/pk": CLIENT_KEY,
  };
  const { warnings } = await loadText(text, { files, modes, variables });
  return warnings.map(({ kind, key, message }) => `${kind} ${key}: ${message}`);
}

Deno.test("loadConfig() warns of a configuration with a key that everybody can read", async () => {
  assert.deepEqual(await warningsOf(siteText(), { [CONFIG]: 0o644 }), [
    "insecure nbuservers[0].apiKey: every user of this machine can read this file, which contains a secret; " +
    'run "chmod o= /etc/nbu/config.yaml"',
  ]);
  assert.deepEqual(await warningsOf(siteText(), { [CONFIG]: 0o640 }), []);
  const variable = siteText(["apiKey: ${K}"]);
  assert.deepEqual(await warningsOf(variable, { [CONFIG]: 0o644 }, { K: "k" }), []);
  const proxy = (url: string) => siteText(["apiKey: ${K}", `proxy: ${url}`]);
  assert.deepEqual(await warningsOf(proxy("http://p:1"), { [CONFIG]: 0o644 }, { K: "k" }), []);
  const withPassword = await warningsOf(proxy("http://u:p@p:1"), { [CONFIG]: 0o644 }, { K: "k" });
  assert.match(withPassword.join(), /^insecure nbuservers\[0\]\.proxy: .* contains a secret/);
  const file = siteText(["apiKeyFile: key"]);
  assert.deepEqual(await warningsOf(file, { [CONFIG]: 0o644, "/etc/nbu/key": 0o600 }), []);
});

Deno.test("loadConfig() warns of a configuration that everybody can change", async () => {
  const found = await warningsOf(siteText(["apiKey: ${K}"]), { [CONFIG]: 0o666 }, { K: "k" });
  assert.deepEqual(found, [
    'insecure undefined: every user of this machine can write this file; run "chmod o= /etc/nbu/config.yaml"',
  ]);
});

Deno.test("loadConfig() warns of key files that everybody can read or write, and of no others", async () => {
  const text = siteText(["apiKeyFile: key", "clientCertFile: pem", "clientKeyFile: pk"]);
  const modes = { "/etc/nbu/key": 0o644, "/etc/nbu/pem": 0o644, "/etc/nbu/pk": 0o602 };
  assert.deepEqual(await warningsOf(text, modes), [
    "insecure nbuservers[0].apiKeyFile: every user of this machine can read the file of " +
    'nbuservers[0].apiKeyFile; run "chmod o= /etc/nbu/key"',
    "insecure nbuservers[0].clientKeyFile: every user of this machine can write the file of " +
    'nbuservers[0].clientKeyFile; run "chmod o= /etc/nbu/pk"',
  ]);
});
