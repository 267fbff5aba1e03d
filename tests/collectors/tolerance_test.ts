/**
 * What every collector that only reads lists must do, whatever it counts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { anomalies } from "../../src/collectors/anomalies.ts";
import { assets } from "../../src/collectors/assets.ts";
import { audit } from "../../src/collectors/audit.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { discovery } from "../../src/collectors/discovery.ts";
import { events } from "../../src/collectors/events.ts";
import { hosts } from "../../src/collectors/hosts.ts";
import { instantAccess } from "../../src/collectors/instant_access.ts";
import { kms } from "../../src/collectors/kms.ts";
import { malwareHosts } from "../../src/collectors/malware_hosts.ts";
import { mpaTickets } from "../../src/collectors/mpa_tickets.ts";
import { protectionPlans } from "../../src/collectors/protection_plans.ts";
import { securityScore } from "../../src/collectors/security_score.ts";
import { services } from "../../src/collectors/services.ts";
import { slp } from "../../src/collectors/slp.ts";
import { snapshotManagers } from "../../src/collectors/snapshot_managers.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError, type ListResource } from "../../src/netbackup/resource.ts";
import { ForbiddenError } from "../../src/site/errors.ts";
import { type ListResponse, type Lists, runOnce } from "./_run.ts";

interface Subject {
  readonly definition: CollectorDefinition;
  /**
   * For each list a row that has what a row cannot do without, and null in all the rest. The first
   * list is the one that the release must have.
   */
  readonly rows: Readonly<Record<string, unknown>>;
  /** Series that there are when all lists are empty. */
  readonly zeros?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

const row = (id: string | null, attributes: unknown) => ({ id, attributes });
const HOSTS = "/config/hosts";
const host = {
  ...{ uuid: "u1", hostName: "media01", nbuHostType: null, nbuReleaseVersion: null },
  ...{ nbuVersion: null, osType: null, decommissionedDateTime: null },
};
const workload = { id: "vmware", type: "workload" };

const SUBJECTS: readonly Subject[] = [
  {
    definition: hosts,
    rows: {
      "/config/media-servers": row(null, {
        ...{ hostName: "media01", nbuVersion: null, osType: null },
        ...{ isMachineUp: null, status: null },
      }),
      [HOSTS]: host,
      "/config/all-hosts": row(null, { hostName: "media01", connectionStatus: null }),
    },
    zeros: 3,
  },
  {
    definition: services,
    rows: { [HOSTS]: host, "/admin/hosts/{hostId}/services": row("bprd", { status: null }) },
    options: { servers: ["media01"] },
    zeros: 1,
  },
  {
    definition: snapshotManagers,
    rows: { "/config/servers/snapshot-mgmt-servers": row("m1", { status: "ACTIVE", x: null }) },
  },
  {
    definition: slp,
    rows: {
      "/catalog/slp-images": row("a_1", { slpName: null, backupTime: null, copies: null }),
      "/config/slps": row(null, { slpName: "GOLD", active: null }),
    },
  },
  {
    definition: anomalies,
    rows: {
      "/security/anomalies": row(null, { anomalySeverity: null, anomalyStatus: null }),
      "/security/anomaly-extension": row(null, null),
    },
    zeros: 6,
  },
  {
    definition: events,
    rows: { "/eventlog/notifications": row("e1", { severity: null, notificationType: null }) },
    zeros: 4,
  },
  {
    definition: audit,
    rows: { "/security/auditlogs": row("1", { category: null, operation: null }) },
    zeros: 14,
  },
  {
    definition: securityScore,
    rows: {
      "/security/status": row(null, { platformRiskScore: null, securitySettingsDetail: null }),
    },
  },
  {
    definition: kms,
    rows: {
      "/security/key-management-services": row("1", {
        ...{ name: "NBKMS", kmsType: null, enabledForBackup: null },
      }),
      "/security/key-management-services/{kmsId}/key-details": row(null, { keyAttributes: null }),
    },
  },
  {
    definition: mpaTickets,
    rows: { "/security/mpa-tickets": row(null, { currentState: null }) },
    zeros: 1,
  },
  {
    definition: malwareHosts,
    rows: { "/malware/scan-hosts": row(null, { hostName: "scan01", state: null }) },
  },
  {
    definition: protectionPlans,
    rows: {
      "/servicecatalog/slos": row(null, {
        ...{ name: "Gold", workloadType: null, subscriptionCount: null },
      }),
    },
  },
  {
    definition: assets,
    rows: {
      "/asset-service/workloads": workload,
      "/asset-service/workloads/{workload}/assets": row(null, {
        ...{ assetType: null, commonAssetAttributes: null },
      }),
    },
  },
  {
    definition: discovery,
    rows: {
      "/asset-service/workloads": workload,
      "/admin/discovery/workloads/{workloadType}/status": row("vc01", {
        ...{ serverName: null, workloadSubType: null },
        ...{ discoveryStatus: null, discoveryFinishTime: null },
      }),
    },
  },
  {
    definition: instantAccess,
    rows: {
      "/recovery/workloads/vmware/instant-access-vms": row(null, {
        ...{ status: null, createdDateTime: "2026-01-01T00:00:00Z" },
      }),
    },
  },
];

/** Neither is a row of any list. */
const BAD = ["row", { id: 7, hostName: 7, attributes: 7 }];

function respond(endpoint: string, rows: readonly unknown[]): ListResponse {
  return endpoint === HOSTS ? { body: { hosts: rows } } : rows;
}

function answers(
  subject: Subject,
  rowsOf: (row: unknown, endpoint: string) => readonly unknown[],
): Lists {
  return Object.fromEntries(
    Object.entries(subject.rows).map(([endpoint, row]) => [
      endpoint,
      respond(endpoint, rowsOf(row, endpoint)),
    ]),
  );
}

/** The lists of a collector that come in pages. */
function pagedLists({ resources }: CollectorDefinition) {
  return resources.filter((resource): resource is ListResource<unknown> =>
    "paging" in resource && resource.paging !== "none"
  );
}

/** Rows like one, each of a name and id of its own. */
function copies(row: unknown, count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => {
    const text = JSON.stringify(row)
      .replace(/"(hostName|slpName|name)":"/g, `"$1":"${index}-`)
      .replace(/"id":(null|"\w*")/, `"id":"${index}"`);
    return JSON.parse(text);
  });
}

for (const subject of SUBJECTS) {
  const { definition, rows, zeros = 0, options = {} } = subject;
  const { name } = definition;
  const [main = ""] = Object.keys(rows);

  Deno.test(`${name} reads every field that may be missing as null`, async () => {
    const result = await runOnce(definition, answers(subject, (row) => [row]), { options });
    assert.deepEqual([...result.client.rejected], []);
    const asked = new Set(result.client.asked);
    for (const endpoint of Object.keys(rows)) assert.ok(asked.has(endpoint), endpoint);
    for (const { samples } of [...result.families, ...result.cumulative]) {
      for (const { value } of samples) assert.ok(Number.isFinite(value));
    }
  });

  Deno.test(`${name} rejects bad rows singly, and counts them`, async () => {
    for (const endpoint of Object.keys(rows)) {
      const lists = answers(subject, (row, at) => at === endpoint ? [...BAD, row] : [row]);
      const good = await runOnce(definition, answers(subject, (row) => [row]), { options });
      const result = await runOnce(definition, lists, { options });
      const rejected = result.client.rejected.get(endpoint) ?? 0;
      assert.ok(rejected > 0 && rejected % BAD.length === 0, endpoint);
      assert.equal(result.rows, good.rows, endpoint);
      assert.deepEqual(result.families, good.families, endpoint);
    }
  });

  Deno.test(`${name} fails when no row of a list fits`, async () => {
    for (const endpoint of Object.keys(rows)) {
      const lists = answers(subject, (row, at) => at === endpoint ? BAD : [row]);
      await assert.rejects(runOnce(definition, lists, { options }), UnexpectedBodyError, endpoint);
    }
  });

  Deno.test(`${name} shows zeros for what is known, and nothing else, when lists are empty`, async () => {
    const result = await runOnce(definition, answers(subject, () => []), { options });
    const samples = [...result.families, ...result.cumulative].flatMap(({ samples }) => samples);
    assert.equal(samples.length, zeros);
    assert.deepEqual([...new Set(samples.map(({ value }) => value))], zeros > 0 ? [0] : []);
  });

  for (const { endpoint, limit } of pagedLists(definition)) {
    Deno.test(`${name} reads all of ${endpoint}, up to three pages and a row`, async () => {
      const rowsRead = async (count: number) => {
        const lists = answers(subject, (row, at) => at === endpoint ? copies(row, count) : [row]);
        return (await runOnce(definition, lists, { options })).rows;
      };
      const none = await rowsRead(0);
      // A row may lead to further lists, or belong to a list that is read several times.
      const perRow = await rowsRead(1) - none;
      assert.ok(perRow > 0);
      for (const count of [limit, limit + 1, 3 * limit + 1]) {
        assert.equal(await rowsRead(count) - none, count * perRow, `${count} rows`);
      }
    });
  }

  Deno.test(`${name} is unsupported where the release lacks its list`, async () => {
    await assert.rejects(
      runOnce(definition, { [main]: 404 }, { options }),
      EndpointUnsupportedError,
    );
  });

  Deno.test(`${name} names the permission that it lacks`, async () => {
    for (const endpoint of Object.keys(rows)) {
      const lists = { ...answers(subject, (row) => [row]), [endpoint]: 401 };
      const { permission } = definition.resources.find((one) => one.endpoint === endpoint) ?? {};
      await assert.rejects(runOnce(definition, lists, { options }), (error) => {
        assert.ok(error instanceof ForbiddenError, endpoint);
        assert.ok(error.message.includes(permission ?? "missing"), endpoint);
        return true;
      });
    }
  });
}
