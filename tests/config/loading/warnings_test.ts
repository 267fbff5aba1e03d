import assert from "node:assert/strict";
import { loadText, siteText } from "../memory_environment.ts";

Deno.test("loadConfig() warns of each unknown key with its place and the nearest known key", async () => {
  const { warnings } = await loadText(
    siteText(["apikey: never shown", "colour: red", "retry: {maxattempts: 2}"], [
      "servers: {port: 1}",
      "logging: {levle: debug}",
    ]),
  );
  assert.deepEqual(warnings.map(({ kind, line, column, key }) => [kind, line, column, key]), [
    ["unknown-key", 1, 1, "servers"],
    ["unknown-key", 2, 11, "logging.levle"],
    ["unknown-key", 5, 5, "nbuservers[0].apikey"],
    ["unknown-key", 6, 5, "nbuservers[0].colour"],
    ["unknown-key", 7, 13, "nbuservers[0].retry.maxattempts"],
  ]);
  assert.deepEqual(warnings.map(({ message }) => message), [
    'unknown key "servers" is ignored; did you mean "server"?',
    'unknown key "logging.levle" is ignored; did you mean "level"?',
    'unknown key "nbuservers[0].apikey" is ignored; did you mean "apiKey"?',
    'unknown key "nbuservers[0].colour" is ignored',
    'unknown key "nbuservers[0].retry.maxattempts" is ignored; did you mean "maxAttempts"?',
  ]);
});

Deno.test("loadConfig() neither reads nor fills in the values of unknown keys", async () => {
  const { warnings } = await loadText(siteText(["extra: {deep: ['${NOT_SET}']}"]));
  assert.deepEqual(warnings.map(({ key }) => key), ["nbuservers[0].extra"]);
});

Deno.test("loadConfig() warns once per key that does nothing any more", async () => {
  const { warnings } = await loadText(siteText(["domain: a", "domainType: [b]", "contentType: c"]));
  assert.deepEqual(warnings.map(({ kind, key, line }) => [kind, key, line]), [
    ["ignored-key", "nbuservers[0].domain", 3],
    ["ignored-key", "nbuservers[0].domainType", 4],
    ["ignored-key", "nbuservers[0].contentType", 5],
  ]);
  assert.match(warnings[0]?.message ?? "", /no longer does anything; remove it/);
});

Deno.test("loadConfig() warns of every site whose certificate is not verified", async () => {
  const { warnings } = await loadText(
    "nbuservers:\n- {site: a, host: h, apiKey: k, insecureSkipVerify: true}\n" +
      "- {site: b, host: h, apiKey: k}\n- {site: c, host: h, apiKey: k, insecureSkipVerify: yes}\n",
  );
  assert.deepEqual(warnings.map(({ kind, line, column, key }) => [kind, line, column, key]), [
    ["insecure", 2, 33, "nbuservers[0].insecureSkipVerify"],
    ["insecure", 4, 33, "nbuservers[2].insecureSkipVerify"],
  ]);
  assert.match(warnings[0]?.message ?? "", /site "a" is not verified/);
  const single = await loadText("nbuserver: {host: h, apiKey: k, insecureSkipVerify: on}\n");
  assert.deepEqual(single.warnings.map(({ key }) => key), ["nbuserver.insecureSkipVerify"]);
});

Deno.test("loadConfig() keeps strange keys on one line", async () => {
  const { warnings } = await loadText(siteText([], ['"a\\nb.c": 1']));
  assert.equal(warnings[0]?.key, '"a\\nb.c"');
  assert.ok(!warnings[0]?.message.includes("\n"));
});
