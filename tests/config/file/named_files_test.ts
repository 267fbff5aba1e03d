import assert from "node:assert/strict";
import {
  CA,
  CLIENT_CERTIFICATE,
  CLIENT_KEY,
  CLIENT_KEY_SEC1,
  OTHER_KEY,
  TRUSTED_CERTIFICATE,
} from "../pem.ts";
import { loadText, problems, siteText } from "../memory_environment.ts";

const CERTIFICATE = CLIENT_CERTIFICATE;
const KEY = CLIENT_KEY;

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

Deno.test("loadConfig() takes all the usual ways to write PEM", async () => {
  const load = async (cert: string, key: string) => {
    const text = siteText(["clientCertFile: cert", "clientKeyFile: key"]);
    const { config } = await loadText(text, {
      files: { "/etc/nbu/key": key, "/etc/nbu/cert": cert },
    });
    return config.sites[0]?.clientCertificate;
  };
  const certificates = [
    `Subject: CN=x\n${CERTIFICATE}`,
    CERTIFICATE.replaceAll("\n", "\r\n"),
    CERTIFICATE.replace(/^/gm, "  "),
    CERTIFICATE.replaceAll("BEGIN C", "BEGIN X509 C").replaceAll("END C", "END X509 C"),
  ];
  for (const written of certificates) {
    // The TLS stack knows none of these but the first two, and says nothing.
    assert.equal((await load(written, KEY))?.cert, CERTIFICATE, written);
  }
  assert.equal((await load(CERTIFICATE, CLIENT_KEY_SEC1))?.key.reveal(), CLIENT_KEY_SEC1);
  assert.equal((await load(CERTIFICATE + CA, KEY))?.cert, CERTIFICATE + CA);
});

Deno.test("loadConfig() takes the certificates out of a response of NetBackup saved as it is", async () => {
  const response = JSON.stringify({
    webRootCertificateData: [{ caCert: CA, caCertDetails: {} }],
    caCertificateData: [{ caCert: CERTIFICATE }, {}],
  });
  const { config } = await loadText(siteText(["caFile: ca.json"]), {
    files: { "/etc/nbu/ca.json": response },
  });
  assert.equal(config.sites[0]?.ca, CA + CERTIFICATE);
});

/** One line of base64 in the middle of the certificate, broken. */
const damaged = (certificate: string) => certificate.replace(/\n(.{10})/, "\n!$1");

/** Bytes after the end, which OpenSSL passes over and the TLS stack does not. */
const withExtraBytes = (certificate: string) => {
  const [, base64 = ""] = /-\n([^-]*)\n-/.exec(certificate) ?? [];
  const bytes = [...atob(base64.replaceAll("\n", "")), "\0\0\0"].join("");
  return `-----BEGIN CERTIFICATE-----\n${btoa(bytes)}\n-----END CERTIFICATE-----\n`;
};

const BAD_CERTIFICATES: readonly (readonly [string, RegExp])[] = [
  [damaged(CA), /the certificate is not base64/],
  [CA.replace(/-----END.*\n/, ""), /the certificate has no line -----END CERTIFICATE-----/],
  [CERTIFICATE + damaged(CA), /certificate 2 of 2 is not base64/],
  [CA.replace(/-----END.*\n/, "") + CERTIFICATE, /certificate 1 of 2 has no line -----END/],
  [CA.replace(/\n.{64}\n/, "\n"), /the certificate cannot be read: it is incomplete or no X\.509/],
  ["-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", /certificate cannot be read/],
  [withExtraBytes(CA), /the certificate cannot be read/],
  [TRUSTED_CERTIFICATE, /convert it with "openssl x509 -in old\.pem -out new\.pem"/],
  ['{"webRootCertificateData": [', /it is neither PEM nor JSON/],
  ['{"errorCode": 8000}', /JSON without the certificates that GET \/security\/cacert gives/],
];

Deno.test("loadConfig() refuses a caFile that the TLS stack would refuse or pass over", async () => {
  for (const [content, message] of BAD_CERTIFICATES) {
    const found = await problems(siteText(["caFile: ca"]), { files: { "/etc/nbu/ca": content } });
    assert.equal(found.length, 1, content);
    assert.match(found[0] ?? "", /^3:13 nbuservers\[0\]\.caFile: /);
    assert.match(found[0] ?? "", message);
  }
});

Deno.test("loadConfig() refuses a private key that is garbage or of another certificate", async () => {
  const faults: readonly (readonly [string, RegExp])[] = [
    [OTHER_KEY, /it is not the key of the certificate in clientCertFile/],
    [
      "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n",
      /the private key cannot be read/,
    ],
    [KEY.replace(/\n.{64}\n/, "\n"), /the private key cannot be read/],
  ];
  for (const [key, message] of faults) {
    const found = await problems(siteText(["clientCertFile: cert", "clientKeyFile: key"]), {
      files: { "/etc/nbu/key": key, "/etc/nbu/cert": CERTIFICATE },
    });
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0] ?? "", /^4:20 nbuservers\[0\]\.clientKeyFile: /);
    assert.match(found[0] ?? "", message);
    assert.ok(!found.join().includes("s3cret"));
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
