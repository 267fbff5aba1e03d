import assert from "node:assert/strict";
import { certificates } from "../../src/collectors/certificates.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { simulatedPrimary, VERSIONS, WEB_CERTIFICATE } from "./_simulated.ts";

const HOSTS = "/security/certificates/current";
const AUTHORITIES = "/security/certificate-authorities";
const MIGRATION = "/security/certificate-authorities/migration-summary";
const MAPPINGS = "/config/hosts-certificate-mappings";
const PENDING = "/config/hosts-pending-renewal";
const DAY_MS = 86_400_000;

/** The range of a certificate, worked out by other means than the collector's. */
function rangeOf(notAfter: number, now: number): string {
  const left = notAfter - now;
  if (left <= 0) return "expired";
  if (left <= 7 * DAY_MS) return "7d";
  if (left <= 30 * DAY_MS) return "30d";
  return left <= 90 * DAY_MS ? "90d" : "later";
}

for (const apiVersion of VERSIONS) {
  Deno.test(`certificates counts hosts by state and range, and names servers, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const now = primary.clock.now();
    const rows = primary.rows(HOSTS).map(({ attributes }) => attributes);
    const result = await primary.run(certificates);
    const expected = new Map<string, number>();
    for (const { notAfter, state } of rows) {
      const name = state === 1 ? "ACTIVE" : "REVOKED";
      const key = `state=${name},expires_within=${rangeOf(Number(notAfter), now)}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    assert.ok(expected.size > 5);
    assert.equal(result.count("nbu_host_certificates"), 10, "two states, five ranges");
    for (const line of result.series("nbu_host_certificates")) {
      const [key = "", value] = line.split(": ");
      assert.equal(Number(value), expected.get(key) ?? 0, key);
    }
    const servers = rows.filter(({ hostType, state }) => hostType === 1 && state === 1);
    assert.deepEqual(
      result.series("nbu_host_certificate_not_after_timestamp_seconds"),
      servers.map(({ hostName, notAfter }) => `host=${hostName}: ${Number(notAfter) / 1000}`)
        .sort(),
    );
    const expiries = result.series("nbu_expiry_timestamp_seconds")
      .filter((line) => line.startsWith("kind=host_certificate,"));
    assert.equal(expiries.length, servers.length);
  });

  Deno.test(`certificates gives the authorities, those in use also among what expires, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const details = primary.rows(AUTHORITIES).map(({ attributes }) =>
      Object(attributes["nbcaCertDetails"])
    );
    const result = await primary.run(certificates);
    assert.deepEqual(
      result.series("nbu_ca_not_after_timestamp_seconds"),
      details.map(({ subjectName, serialNumber, state, notAfter }) =>
        `ca=${subjectName},serial=${serialNumber},state=${state}: ${Date.parse(notAfter) / 1000}`
      ).sort(),
    );
    const [active] = details.filter(({ state }) => state === "ACTIVE");
    const name = `${active.subjectName} ${active.serialNumber}`;
    const value = result.value("nbu_expiry_timestamp_seconds", { kind: "certificate_authority" });
    assert.equal(value, Date.parse(active.notAfter) / 1000);
    assert.equal(result.value("nbu_expiry_timestamp_seconds", { name }), value);
    assert.deepEqual(result.series("nbu_ca_migration_info"), ["state=NO_MIGRATION: 1"]);
  });
}

Deno.test("certificates gives the certificate of the web server, also among what expires", async () => {
  const result = await simulatedPrimary().run(certificates);
  const seconds = WEB_CERTIFICATE.notAfterMs / 1000;
  assert.equal(result.value("nbu_web_certificate_not_after_timestamp_seconds"), seconds);
  assert.equal(
    result.value("nbu_expiry_timestamp_seconds", { kind: "web_certificate" }),
    seconds,
  );
});

Deno.test("certificates counts external certificates where the release tells of them", async () => {
  const primary = simulatedPrimary();
  const now = primary.clock.now();
  const dates = primary.rows(MAPPINGS)
    .map(({ attributes }) => attributes["externalCertNotValidAfter"])
    .filter((date) => date !== null).map((date) => Date.parse(String(date)));
  assert.ok(dates.length > 3);
  const result = await primary.run(certificates);
  for (const expires_within of ["expired", "7d", "30d", "90d", "later"]) {
    const truth = dates.filter((date) => rangeOf(date, now) === expires_within).length;
    assert.equal(result.value("nbu_external_certificates", { expires_within }), truth);
  }
  const old = await simulatedPrimary({ apiVersion: "12.0" }).run(certificates);
  assert.equal(old.count("nbu_external_certificates"), 0, "unknown is not 0");
});

Deno.test("certificates names external certificates among what expires, the first 1,000 to expire", async () => {
  const primary = simulatedPrimary();
  const named = (lines: readonly string[]) =>
    lines.filter((line) => line.startsWith("kind=external_certificate,"));
  const expected = primary.rows(MAPPINGS).map(({ attributes }) => attributes)
    .filter(({ externalCertNotValidAfter: date }) => date !== null)
    .map(({ hostName, externalCertNotValidAfter: date }) =>
      `kind=external_certificate,name=${hostName}: ${Date.parse(String(date)) / 1000}`
    );
  const result = await primary.run(certificates);
  assert.ok(expected.length > 3);
  assert.deepEqual(named(result.series("nbu_expiry_timestamp_seconds")), expected.toSorted());
  const first = primary.clock.now();
  primary.simulator.setRows(
    MAPPINGS,
    Array.from({ length: 1001 }, (_, index) => ({
      id: `id${index}`,
      attributes: {
        hostName: index === 0 ? null : `host${index}`,
        externalCertNotValidAfter: new Date(first + (1001 - index) * DAY_MS).toISOString(),
      },
    })),
  );
  const many = await primary.run(certificates);
  const names = named(many.series("nbu_expiry_timestamp_seconds"));
  assert.equal(names.length, 1000);
  assert.ok(!names.some((line) => line.includes("name=id0:")), "the last to expire is left out");
  const counted = ["expired", "7d", "30d", "90d", "later"].reduce(
    (sum, expires_within) =>
      sum + (many.value("nbu_external_certificates", { expires_within }) ?? NaN),
    0,
  );
  assert.equal(counted, 1001, "all are counted");
});

Deno.test("certificates counts the hosts that have yet to renew only where it is told to", async () => {
  const primary = simulatedPrimary();
  primary.simulator.setDenied([PENDING]);
  assert.equal((await primary.run(certificates)).count("nbu_hosts_pending_certificate_renewal"), 0);
  primary.simulator.setDenied([]);
  const on = { pendingRenewals: "true" };
  const value = async () =>
    (await primary.run(certificates, on)).value("nbu_hosts_pending_certificate_renewal");
  assert.equal(await value(), 2);
  primary.simulator.setRows(PENDING, 0);
  assert.equal(await value(), 0);
});

Deno.test("certificates goes on without lists that the release lacks", async () => {
  const primary = simulatedPrimary();
  for (const endpoint of [MIGRATION, MAPPINGS, PENDING]) {
    primary.simulator.faults.add({ endpoint, kind: "status", status: 404 });
  }
  const result = await primary.run(certificates, { pendingRenewals: "true" });
  assert.ok(result.count("nbu_expiry_timestamp_seconds") > 0);
  for (const metric of ["ca_migration_info", "external_certificates"]) {
    assert.equal(result.count(`nbu_${metric}`), 0, metric);
  }
});

Deno.test("certificates leaves out deleted hosts and missing dates, and drops what does not fit", async () => {
  const primary = simulatedPrimary();
  const notAfter = primary.clock.now() + DAY_MS;
  primary.simulator.setRows(
    HOSTS,
    [
      { notAfter, state: 1, hostType: 1, hostName: "media01" },
      { notAfter, state: 1, hostType: 1, hostName: "deleted", isCertDeleted: true },
      { notAfter: null, state: 1, hostType: 1, hostName: "undated" },
      { notAfter, state: null, hostType: null, hostName: null },
      { notAfter: "soon", state: 1, hostType: 1, hostName: "bad" },
    ].map((attributes, index) => ({ attributes: { ...attributes, hostId: `host${index}` } })),
  );
  primary.simulator.setRows(AUTHORITIES, [{ attributes: { nbcaCertDetails: null } }]);
  primary.simulator.setRows(MAPPINGS, 0);
  const result = await primary.run(certificates);
  assert.deepEqual(
    result.series("nbu_host_certificates").filter((line) => !line.endsWith(": 0")),
    ["state=ACTIVE,expires_within=7d: 1", "state=UNKNOWN,expires_within=7d: 1"],
  );
  const expiries = result.series("nbu_expiry_timestamp_seconds");
  assert.equal(expiries.length, 2, "of the server and of the web server");
  assert.equal(expiries[0], `kind=host_certificate,name=media01: ${notAfter / 1000}`);
  assert.equal(primary.rejected.get(HOSTS), 1);
  primary.simulator.setRows(HOSTS, [{ attributes: { hostId: 5 } }]);
  await assert.rejects(primary.run(certificates), UnexpectedBodyError);
});
