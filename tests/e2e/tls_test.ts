import assert from "node:assert/strict";
import { createServer } from "node:https";
import { isInstalled } from "../../scripts/command.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { type Certificates, makeCertificates } from "../testing/certificates.ts";
import { skipped } from "../testing/skipped.ts";
import { eventually, type Exporter, freePort, withDirectory, withExporter } from "./harness.ts";

const KEY = "tls-key";

const noTls = skipped(
  "TLS to a primary end to end",
  await isInstalled("openssl") ? undefined : "openssl is not installed",
);

interface World {
  readonly simulator: Simulator;
  readonly certificates: Certificates;
  /** Runs the exporter against the primary with these settings of the site. */
  readonly run: (
    site: Record<string, unknown>,
    body: (exporter: Exporter) => Promise<void>,
  ) => Promise<void>;
}

function tlsTest(
  name: string,
  certificate: "signed" | "self-signed",
  body: (world: World) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: noTls,
    fn: () =>
      withDirectory(async (directory) => {
        const certificates = await makeCertificates(directory);
        const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 3 });
        const [certFile, keyFile] = certificate === "signed"
          ? [certificates.serverCertFile, certificates.serverKeyFile]
          : [certificates.selfSignedCertFile, certificates.selfSignedKeyFile];
        const primary = await simulator.start({
          // All addresses: one test asks for a name that the certificate does not have.
          hostname: "0.0.0.0",
          tls: {
            cert: await Deno.readTextFile(certFile),
            key: await Deno.readTextFile(keyFile),
          },
        });
        const run: World["run"] = (site, body) =>
          withExporter({ config: configOf({ port: primary.port, ...site }) }, body);
        try {
          await body({ simulator, certificates, run });
        } finally {
          await primary.close();
        }
      }),
  });
}

function configOf(site: Record<string, unknown>) {
  return {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
    nbuservers: [{
      site: "a",
      host: "localhost",
      apiKey: KEY,
      timeout: "5s",
      retry: { maxAttempts: 1 },
      ...site,
    }],
  };
}

async function isUp(exporter: Exporter): Promise<void> {
  await eventually("it is up", async () => (await exporter.metrics()).value("nbu_up") === 1);
}

/** Waits until the site is down for reasons of the network, without a request having come through. */
async function isRefused(exporter: Exporter, simulator: Simulator): Promise<void> {
  await eventually("it is down", async () => (await exporter.metrics()).value("nbu_up") === 0);
  const page = await exporter.metrics();
  const labels = { collector: "storage", reason: "tls" };
  assert.ok((page.value("nbu_collector_errors_total", labels) ?? 0) >= 1);
  assert.equal(simulator.requests.count(), 0);
}

tlsTest("TLS with the CA file of the primary works", "signed", async ({ certificates, run }) => {
  await run({ caFile: certificates.caFile }, async (exporter) => {
    await isUp(exporter);
    const page = await exporter.metrics();
    assert.equal(page.value("nbu_tls_verification_disabled", { site: "a" }), 0);
  });
});

tlsTest(
  "the response of /security/cacert saved as it is does for a CA file",
  "signed",
  async (world) => {
    const { caFile } = world.certificates;
    const saved = `${caFile}.json`;
    const caCert = await Deno.readTextFile(caFile);
    await Deno.writeTextFile(saved, JSON.stringify({ webRootCertificateData: [{ caCert }] }));
    await world.run({ caFile: saved }, isUp);
  },
);

tlsTest("an unknown authority is refused, and the log says what to do", "signed", async (world) => {
  await world.run({}, async (exporter) => {
    await isRefused(exporter, world.simulator);
    assert.match(exporter.log(), /caFile/);
  });
});

tlsTest("a self-signed certificate is refused without the opt-in", "self-signed", async (world) => {
  await world.run({}, (exporter) => isRefused(exporter, world.simulator));
  await world.run(
    { caFile: world.certificates.caFile },
    (exporter) => isRefused(exporter, world.simulator),
  );
});

tlsTest(
  "with the opt-in it works, is warned about, and is a metric",
  "self-signed",
  async (world) => {
    await world.run({ insecureSkipVerify: true }, async (exporter) => {
      await isUp(exporter);
      const page = await exporter.metrics();
      assert.equal(page.value("nbu_tls_verification_disabled", { site: "a" }), 1);
      const warnings = () => exporter.log().match(/level=warn .*insecureSkipVerify/g)?.length ?? 0;
      assert.equal(warnings(), 1, "at the start");
      exporter.signal("SIGHUP");
      await eventually("and at each reload", () => warnings() === 2);
    });
  },
);

tlsTest("a certificate for another host is refused", "signed", async (world) => {
  // 127.0.0.2 is this machine as well, but the certificate does not name it.
  const site = { host: "127.0.0.2", caFile: world.certificates.caFile };
  await world.run(site, async (exporter) => {
    await eventually("it is down", async () => (await exporter.metrics()).value("nbu_up") === 0);
    assert.equal(world.simulator.requests.count(), 0);
    assert.match(exporter.log(), /certificate/i);
  });
});

Deno.test({
  name: "a client certificate is shown to a primary that asks for one",
  ignore: noTls,
  fn: () =>
    withDirectory(async (directory) => {
      const certificates = await makeCertificates(directory);
      const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 3 });
      const read = (file: string) => Deno.readTextFileSync(file);
      const server = createServer({
        cert: read(certificates.serverCertFile),
        key: read(certificates.serverKeyFile),
        ca: read(certificates.caFile),
        requestCert: true,
        rejectUnauthorized: true,
      }, (request, response) => {
        const url = `https://localhost${request.url}`;
        const headers = Object.entries(request.headers).map(([name, value]) =>
          [name, String(value)] as [string, string]
        );
        simulator.fetch(new Request(url, { headers })).then(async (simulated) => {
          response.writeHead(simulated.status, Object.fromEntries(simulated.headers));
          response.end(await simulated.text());
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      const { port } = address;
      const { caFile, clientCertFile, clientKeyFile } = certificates;
      const site = { host: "127.0.0.1", port, caFile };
      try {
        await withExporter({ config: configOf({ ...site, clientCertFile, clientKeyFile }) }, isUp);
        simulator.requests.clear();
        await withExporter(
          { config: configOf(site) },
          (exporter) => isRefused(exporter, simulator),
        );
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }),
});
