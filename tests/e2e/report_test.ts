import assert from "node:assert/strict";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { isInstalled } from "../../scripts/command.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { skipped } from "../testing/skipped.ts";
import { eventually, freePort, startExporter, withDirectory } from "./harness.ts";
import { runProgram } from "./program.ts";

const KEY = "report-key";

/** Runs the command beside the exporter. */
function report(
  directory: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  return runProgram(["report", ...args], { directory, env });
}

Deno.test("report prints what a running exporter has seen of the night, also after a kill, and while a primary is down", async () => {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 2 });
  let primary = await simulator.start();
  try {
    await withDirectory(async (directory) => {
      const config = {
        server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: "1s" },
        nbuservers: [{
          ...{ site: "berlin", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
          retry: { maxAttempts: 1 },
        }],
        state: { directory: join(directory, "state") },
      };
      let exporter = await startExporter({ config, directory });
      try {
        await eventually(
          "it is up",
          async () => (await exporter.metrics()).value("nbu_up", { site: "berlin" }) === 1,
        );
        const endTime = Math.floor(Date.now() / 1000) * 1000;
        const job = { policyName: "Gold", startTime: endTime - 600_000, endTime } as const;
        simulator.addJob({ ...job, clientName: "db01", status: 0 });
        const failed = simulator.addJob({ ...job, clientName: "db02", status: 58 });
        const seen = async () => (await exporter.get("/report?format=csv")).text.includes("db02");
        await eventually("the failure is seen", seen);
        const { code, out, err } = await report(directory);
        assert.equal(code, 0, err);
        assert.match(out, /^NetBackup report of /);
        assert.match(out, /1 × BACKUP 58: the client could not be connected to \(db02\)/);
        assert.match(out, /Backups: 50\.0 % succeeded, 1 of 2: 1 failed/);
        assert.match(out, /the exporter did not watch the site before/);
        assert.match(out, /days to full: not enough history/);
        assert.match(out, /the collector "policies" is off/);
        const page = (await exporter.get("/site/berlin")).text;
        assert.match(page, new RegExp(`class="word">${failed}<`));

        exporter.signal("SIGKILL");
        await exporter.status;
        exporter = await startExporter({ config, directory });
        await eventually("it is known after the kill", seen);
        const json = JSON.parse((await report(directory, ["--format", "json"])).out);
        const [site] = json.data.sites;
        assert.deepEqual(
          site.jobs.failures.map(({ jobId }: { jobId: number }) => jobId),
          [failed],
        );

        await primary.close();
        const down = await eventually("it is down", async () => {
          const { out } = await report(directory);
          return out.includes("berlin: down") && out;
        });
        assert.match(down, /1 site, 1 down, 1 failed job, 1 incomplete/);
        assert.match(down, /The site has been down since/);
        assert.match(down, /at least 1/);
        primary = await simulator.start();
      } finally {
        await exporter.stop();
      }
      const none = await report(directory);
      assert.equal(none.code, 1);
      assert.match(none.err, /The report comes from a running exporter/);
    });
  } finally {
    await primary.close();
  }
});

Deno.test({
  name: "report logs in to an exporter that serves TLS and asks for a password",
  ignore: skipped(
    "the report over TLS",
    await isInstalled("openssl") ? undefined : "openssl is not installed",
  ),
  fn: () =>
    withDirectory(async (directory) => {
      const pki = await makeCertificates(directory);
      const web = {
        tls_server_config: { cert_file: pki.serverCertFile, key_file: pki.serverKeyFile },
        basic_auth_users: { ops: await hash("correct horse", 4) },
      };
      await Deno.writeTextFile(join(directory, "web.yml"), JSON.stringify(web));
      const config = {
        server: { port: freePort(), host: "127.0.0.1" },
        nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: "k" }],
      };
      const exporter = await startExporter({
        ...{ config, directory, args: ["--web.config.file", "web.yml"], expectFailure: true },
      });
      const ask = (password: string, ...args: readonly string[]) =>
        report(directory, ["--web.config.file", "web.yml", ...args], {
          NBU_EXPORTER_PASSWORD: password,
        });
      try {
        await eventually("it listens", () => exporter.log().includes("listening"));
        const trusted = ["--ca-file", pki.caFile, "--user", "ops"];
        const good = await ask("correct horse", ...trusted);
        assert.equal(good.code, 0, good.err);
        assert.match(good.out, /^NetBackup report of /);
        const wrong = await ask("wrong", ...trusted);
        assert.equal(wrong.code, 1);
        assert.match(wrong.err, /asks for a password: give --user/);
        assert.doesNotMatch(good.err + wrong.err, /correct horse|wrong/);
        const untrusted = await ask("correct horse", "--user", "ops");
        assert.equal(untrusted.code, 1);
        assert.match(untrusted.err, /cannot reach the exporter at https:.*certificate.*--ca-file/s);
      } finally {
        await exporter.stop();
      }
    }),
});
