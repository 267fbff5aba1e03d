/**
 * `GET /catalog/images`: what the finished backups left, and older images of every client.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { CATALOG_POLICY } from "../world/names.ts";
import { imageScheduleType, policyTypeName } from "../world/spellings.ts";
import { type ListRow, simulatedList } from "./define.ts";
import { iso, type ListWorld } from "./world.ts";

const DAY_MS = 86_400_000;
/** Days before today of which the catalog has one image of each client. */
const OLDER_DAYS = 7;

interface Image {
  readonly client: string;
  readonly policy: string;
  readonly policyType: string;
  readonly schedule: string;
  readonly scheduleType: string;
  readonly timeMs: number;
  readonly seconds: number;
  readonly kilobytes: number;
  readonly transferred: number;
  readonly files: number;
  readonly jobId: number;
  readonly status: number;
}

function fromJobs(world: ListWorld): Image[] {
  return world.finishedBackups().map((job) => ({
    client: job.clientName,
    policy: job.policyName,
    policyType: job.policyType ?? "STANDARD",
    schedule: job.scheduleName,
    scheduleType: job.scheduleType,
    timeMs: Date.parse(job.startTime),
    seconds: Math.floor((Date.parse(job.endTime) - Date.parse(job.startTime)) / 1000),
    kilobytes: job.kilobytesTransferred,
    transferred: job.kilobytesDataTransferred,
    files: job.numberOfFiles,
    jobId: job.jobId,
    status: job.status,
  }));
}

/** The older image of a number: clients in turn, a day further back each round. */
function older(world: ListWorld, index: number): Image {
  const { clients, policies } = world.population;
  const round = Math.floor(index / (clients.length + 1));
  const which = index % (clients.length + 1);
  const dice = world.dice("image", index);
  const catalog = which === clients.length;
  const policy = catalog ? CATALOG_POLICY : policies[which % policies.length] ?? policies[0];
  const [schedule] = policy.schedules;
  return {
    client: catalog ? world.serverName : clients[which] ?? clients[0],
    policy: policy.name,
    policyType: policy.type,
    schedule: schedule.name,
    scheduleType: schedule.type,
    timeMs: world.daysMs(-1 - round) + which * 60_000,
    seconds: 60 + dice.below(1, 3600),
    kilobytes: 1_000_000 + dice.below(2, 100_000_000),
    transferred: 500_000 + dice.below(3, 500_000),
    files: dice.below(4, 100_000),
    jobId: 1_900_000_000 + index,
    status: dice.unit(5) < 0.1 ? 1 : 0,
  };
}

function attributes(world: ListWorld, image: Image, backupTimeMs: number) {
  const expiration = iso(backupTimeMs + 30 * DAY_MS);
  return {
    policyType: policyTypeName(image.policyType),
    clientName: image.client,
    policyName: image.policy,
    appType: "NONE",
    backupCopyType: "DEFAULT",
    backupTime: iso(backupTimeMs),
    backupStatus: image.status,
    blockIncrementalFullTime: "1970-01-01T00:00:00.000Z",
    clientCharset: 0,
    compression: false,
    contentFile: `${image.policy}_${Math.floor(backupTimeMs / 1000)}_FULL.f`,
    contentFileSize: "0",
    contentFileCompressed: "NOT",
    creator: "root",
    dataClassification: "",
    drMediaList: [],
    elapsedTimeSeconds: image.seconds,
    encryption: "NONE",
    // Null: never.
    expiration: image.jobId % 10 === 0 ? null : expiration,
    extendedSecurityInfo: false,
    fileSystemOnly: false,
    imageDumpLevel: 0,
    imageType: "NORMAL",
    jobId: image.jobId,
    kbytes: image.kilobytes,
    keyword: "",
    kbytesDataTransferred: image.transferred,
    mpx: false,
    numCopies: 1,
    numFiles: image.files,
    numberFragments: 1,
    originMasterServer: world.serverName,
    pfiType: 0,
    primaryCopy: 1,
    providerGeneratedId: "",
    proxyClient: "",
    remoteExpirationDate: null,
    retentionLevel: 1,
    scheduleName: image.schedule,
    scheduleType: imageScheduleType(image.scheduleType),
    slpVersion: 0,
    slpCompleted: 0,
    slpName: "",
    tirExpirationDate: null,
    version: 12,
    vmType: "NONE",
    malwareScanResult: "NOT_SCANNED",
    streamNumber: 0,
    streamAggregatedKbytes: -1,
    streamAggregatedFiles: -1,
    ...(world.version >= 12 && { anomalyStatus: "NOT_PROCESSED" }),
  };
}

/** Backup ids are made of client and second, and no two are alike. */
function makeRows(world: ListWorld): ListRow[] {
  const images = fromJobs(world);
  const olderCount = OLDER_DAYS * (world.population.clients.length + 1);
  const taken = new Set<string>();
  return world.many(images.length + olderCount, (index) => {
    const image = images[index] ?? older(world, index - images.length);
    let seconds = Math.floor(image.timeMs / 1000);
    while (taken.has(`${image.client}_${seconds}`)) seconds += 1;
    const id = `${image.client}_${seconds}`;
    taken.add(id);
    return { id, attributes: attributes(world, image, seconds * 1000) };
  });
}

/** A client that reads page after page wants the same rows again and again. */
function rows(world: ListWorld): readonly ListRow[] {
  const key = [world.version, world.days(0), world.count].join();
  return world.memo(world.finishedBackups(), key, () => makeRows(world));
}

/** Images; of the last 24 hours where the filter does not say otherwise. */
export const images = simulatedList({
  endpoint: "/catalog/images",
  document: "catalog",
  type: "image",
  permission: "|MANAGE|IMAGES|",
  paging: {
    kind: "offset",
    limits: { min: 1, max: 100 },
    withoutPages: true,
    withoutLinks: true,
  },
  selfLinks: true,
  filters: new Map([
    ...fields(
      "appType clientName policyType scheduleType providerGeneratedId malwareScanResult keyword " +
        "anomalyStatus",
      "string",
      "eq",
    ),
    ...fields("backupId", "string", "eq", { attribute: "id" }),
    ...fields("streamNumber", "integer", "eq"),
    ...fields("backupTime", "date", "ge le"),
    ...fields("policyName", "string", "eq contains"),
  ]),
  // Each bound has a default of its own.
  impliedFilter: (filter, nowMs) =>
    [
      filter,
      /backupTime ge /.test(filter) ? "" : `backupTime ge ${iso(nowMs - DAY_MS)}`,
      /backupTime le /.test(filter) ? "" : `backupTime le ${iso(nowMs)}`,
    ].filter((part) => part !== "").join(" and "),
  beyondSchema: { expiration: [null], remoteExpirationDate: [null], tirExpirationDate: [null] },
  rows,
});
