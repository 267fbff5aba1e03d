/**
 * `GET /security/status`, `/security/freeze-mode-settings`, `/security/key-management-services`,
 * their keys, and `/security/mpa-tickets`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { KEY_OWNER } from "./api_keys.ts";
import { simulatedList } from "./define.ts";
import { iso } from "./world.ts";

/** How safe the settings are: a risk score from 0 to 100. */
export const securityStatus = simulatedList({
  endpoint: "/security/status",
  document: "security",
  type: "securityStatus",
  permission: "|SECURITY|SETTINGS|",
  since: "12.0",
  paging: { kind: "none" },
  envelope: "resource",
  rows: () => [{
    id: "securityStatus",
    attributes: {
      templateVersion: 1,
      platformRiskScore: 37.5,
      isBaseTemplateAvailable: true,
      baseTemplateSetByAltaViewAdmin: false,
      securitySettingsDetail: {
        mfaEnforced: { currentConfigRiskScore: 10 },
        mpa: { currentConfigRiskScore: 5.5 },
        malwareDetection: { currentConfigRiskScore: 0 },
      },
    },
  }],
});

/** Whether changes are forbidden. */
export const freezeMode = simulatedList({
  endpoint: "/security/freeze-mode-settings",
  document: "security",
  type: "freezeModeSettings",
  since: "14.0",
  paging: { kind: "none" },
  envelope: "resource",
  rows: () => [{
    id: "freezeModeSettingsResponse",
    attributes: {
      freezeModeEnabled: false,
      force: false,
      freezeModeConfigurationSettings: {
        restrictUserMutatingOperations: false,
        restrictImageExpiration: false,
        restrictBackupAndSlpOperations: false,
        restrictRestoreOperations: false,
      },
    },
  }],
});

const SERVERS = [
  { name: "NetBackup KMS", type: "NBKMS" },
  { name: "vault.example.com", type: "KMIP" },
] as const;

/** Key management services. */
export const keyServers = simulatedList({
  endpoint: "/security/key-management-services",
  document: "security",
  type: "keyManagementServiceConfiguration",
  permission: "|SECURITY|KMS|",
  paging: { kind: "offset", limits: { min: 1 } },
  selfLinks: true,
  // The filter came with 11.2; earlier releases are not known to refuse it.
  filters: new Map(fields("kmsType", "string", "eq")),
  sorts: { names: "name enabledForBackup priority", since: "14.0" },
  rows: (world) =>
    world.many(SERVERS.length, (index) => ({
      id: String(index + 1),
      attributes: {
        name: SERVERS[index]?.name ?? `kms${index + 1}.example.com`,
        kmsType: SERVERS[index]?.type ?? "KMIP",
        description: "",
        enabledForBackup: index === 0,
        priority: index,
      },
    })),
});

const KEY_STATES = ["ACTIVE", "INACTIVE", "DEPRECATED", "PRELIVE", "TERMINATED"] as const;

/** The keys of a key management service. */
export const keys = simulatedList({
  endpoint: "/security/key-management-services/{kmsId}/key-details",
  document: "security",
  type: "keyAttributeDetailsResponse",
  permission: "|SECURITY|KMS|",
  paging: { kind: "offset", limits: { min: 1 } },
  filters: new Map(fields("keyGroupName", "string", "eq")),
  sorts: { names: "keyAttributes.keyId keyAttributes.keyState", since: "14.0" },
  samples: () => SERVERS.map((_, index) => ({ kmsId: String(index + 1) })),
  rows(world, { kmsId }) {
    const server = SERVERS[Number(kmsId) - 1];
    if (!server) return undefined;
    return world.many(KEY_STATES.length, (index) => ({
      id: `key-${kmsId}-${index}`,
      attributes: {
        keyAttributes: {
          kmsServerName: world.serverName,
          configurationName: server.name,
          kmsType: server.type,
          rev: 1,
          keyId: `key-${kmsId}-${index}`,
          creationTime: world.days(-200 - index),
          keyState: KEY_STATES[index % KEY_STATES.length],
          fipsApprovedKey: true,
        },
      },
    }));
  },
});

const TICKET_STATES = ["PENDING", "APPROVED", "EXPIRED", "PARTIALLY_APPROVED", "DONE"] as const;

/** Requests that need a second person's approval; requesters see only their own. */
export const tickets = simulatedList({
  endpoint: "/security/mpa-tickets",
  document: "security",
  type: "mpaTicketDetails",
  permission: "|SECURITY|MPA|TICKETS|",
  denial: "empty",
  alwaysVisible: ({ attributes }) => attributes["requesterName"] === KEY_OWNER,
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  filters: new Map([
    ...fields("requesterName requesterDomainName currentState operationId", "string", "eq"),
    ...fields("expirationDateTime", "date", "ge le"),
    ...fields("creationDateTime", "date", "ge le", { attribute: "createdDateTime" }),
  ]),
  sorts: {
    names: "conflictedBy createdDateTime currentState expirationDateTime id " +
      "lastUpdatedDateTime requesterDomainName requesterName",
    since: "14.0",
  },
  beyondSchema: { currentState: ["PARTIALLY_APPROVED"] },
  rows: (world) =>
    world.events(8, 13 * 3_600_000, (sequence, timeMs) => {
      const dice = world.dice("ticket", sequence);
      return {
        id: String(sequence),
        attributes: {
          operationId: "IMAGE_EXPIRE",
          operationName: "Image expiration",
          requestMetaData: "",
          requesterName: dice.pick(1, ["root", "backup-admin", KEY_OWNER]),
          requesterDomainName: world.serverName,
          requesterDomainType: "UNIXPWD",
          response: "",
          responseStatusCode: 0,
          currentState: dice.pick<(typeof TICKET_STATES)[number]>(2, TICKET_STATES),
          // Required since it came with 10.5.
          ...(world.version >= 12 && { conflictedBy: 0 }),
          isMyTicket: false,
          expirationDateTime: iso(timeMs + 72 * 3_600_000),
          createdDateTime: iso(timeMs),
          lastUpdatedDateTime: iso(timeMs),
        },
      };
    }),
});
