import assert from "node:assert/strict";
import { loadText, problems, siteText } from "../memory_environment.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

Deno.test("loadConfig() reads the files it names, from the folder of the configuration", async () => {
  const { config, files } = await loadText(
    siteText([
      "apiKeyFile: ${DIR}/key",
      "caFile: ca.pem",
      "clientCertFile: tls/client.pem",
      "clientKeyFile: /run/client.key",
    ]),
    {
      variables: { DIR: "secrets" },
      files: {
        "/etc/nbu/secrets/key": "  the-key\n\n",
        "/etc/nbu/ca.pem": CERTIFICATE,
        "/etc/nbu/tls/client.pem": CERTIFICATE,
        "/run/client.key": KEY,
      },
    },
  );
  const [site] = config.sites;
  assert.equal(site?.apiKey.reveal(), "the-key");
  assert.equal(site?.apiKeyFile, "/etc/nbu/secrets/key");
  assert.equal(site?.caFile, "/etc/nbu/ca.pem");
  assert.equal(site?.ca, CERTIFICATE);
  assert.equal(site?.clientCertificate?.certFile, "/etc/nbu/tls/client.pem");
  assert.equal(site?.clientCertificate?.keyFile, "/run/client.key");
  assert.equal(site?.clientCertificate?.cert, CERTIFICATE);
  assert.equal(site?.clientCertificate?.key.reveal(), KEY);
  assert.deepEqual(files, [
    "/etc/nbu/config.yaml",
    "/etc/nbu/secrets/key",
    "/etc/nbu/ca.pem",
    "/etc/nbu/tls/client.pem",
    "/run/client.key",
  ]);
});

Deno.test("loadConfig() lists a file once that several sites name", async () => {
  const { config, files } = await loadText(
    "nbuservers:\n- {site: a, host: h, apiKey: k, caFile: ca.pem}\n" +
      "- {site: b, host: h, apiKey: k, caFile: ./ca.pem}\n",
    { files: { "/etc/nbu/ca.pem": CERTIFICATE } },
  );
  assert.deepEqual(config.sites.map(({ ca }) => ca), [CERTIFICATE, CERTIFICATE]);
  assert.deepEqual(files, ["/etc/nbu/config.yaml", "/etc/nbu/ca.pem"]);
});

const BAD: readonly (readonly [string, string | undefined, RegExp])[] = [
  [
    "caFile",
    undefined,
    /caFile: found "f", expected a readable PEM file of CA certificates \(there is no such file\)/,
  ],
  ["caFile", "s3cret", /it is not PEM: there is no line -----BEGIN CERTIFICATE-----/],
  ["caFile", KEY, /it holds no certificate/],
  ["clientCertFile", KEY, /it holds no certificate/],
  ["clientKeyFile", CERTIFICATE, /it holds no private key/],
  ["clientKeyFile", "s3cret", /it is not PEM: there is no line -----BEGIN PRIVATE KEY-----/],
  [
    "clientKeyFile",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\ns3cret",
    /encrypted; store it without a passphrase/,
  ],
  [
    "clientKeyFile",
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\ns3cret",
    /encrypted; store it without a passphrase/,
  ],
  ["apiKeyFile", " \n", /of what it holds: it is empty/],
  ["apiKeyFile", "s3cret\ns3cret", /of what it holds: it has a line break in it/],
  ["apiKeyFile", "s3cr\u00e9t", /not printable ASCII/],
  ["apiKeyFile", undefined, /there is no such file/],
];

Deno.test("loadConfig() refuses named files that cannot be used, and quotes nothing of them", async () => {
  for (const [key, content, message] of BAD) {
    const partner = key === "clientCertFile" ? ["clientKeyFile: key"] : [];
    if (key === "clientKeyFile") partner.push("clientCertFile: cert");
    const files: Record<string, string> = { "/etc/nbu/key": KEY, "/etc/nbu/cert": CERTIFICATE };
    if (content !== undefined) files["/etc/nbu/f"] = content;
    const found = await problems(siteText([`${key}: f`, ...partner]), { files });
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0] ?? "", message);
    assert.match(found[0] ?? "", new RegExp(`^3:${key.length + 7} `));
    assert.ok(!found.join().includes("s3cr"), found.join());
  }
});

Deno.test("loadConfig() takes all the usual kinds of PEM", async () => {
  for (const kind of ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]) {
    const files = {
      "/etc/nbu/key": `-----BEGIN ${kind}-----\n`,
      "/etc/nbu/cert": `Subject: CN=x\n-----BEGIN TRUSTED CERTIFICATE-----\n`,
    };
    const text = siteText(["clientCertFile: cert", "clientKeyFile: key"]);
    const { config } = await loadText(text, { files });
    assert.ok(config.sites[0]?.clientCertificate);
  }
});

Deno.test("loadConfig() wants certificate and key together", async () => {
  const files = { "/etc/nbu/key": KEY, "/etc/nbu/cert": CERTIFICATE };
  assert.match(
    (await problems(siteText(["clientCertFile: cert"]), { files })).join(),
    /clientKeyFile: found nothing, expected the file of the private key, as clientCertFile is set/,
  );
  assert.match(
    (await problems(siteText(["clientKeyFile: key"]), { files })).join(),
    /clientCertFile: found nothing, expected the file of the certificate, as clientKeyFile is set/,
  );
});

Deno.test("loadConfig() checks the named files of a site that has other problems too", async () => {
  const found = await problems(siteText(["port: 0", "caFile: nowhere.pem"]));
  assert.equal(found.length, 2);
});

Deno.test("loadConfig() does not look for a file whose name lacks a variable", async () => {
  const found = await problems(siteText(["caFile: ${NOWHERE}/ca.pem"]));
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /environment variable "NOWHERE" is not set/);
});
