import assert from "node:assert/strict";
import { tape } from "../../src/collectors/tape.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { type Lists, runOnce, type RunResult, type RunSetup } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";
import { diskPool, drive, drivePath, medium, robotHost, volumePool } from "./_tape_rows.ts";

const DRIVES = "/storage/drives";
const MEDIA = "/storage/tape-media";
const POOLS = "/storage/tape-volume-pools";
const HOSTS = "/storage/robots-device-hosts";
const DISK_POOLS = "/storage/disk-pools";

const EMPTY: Lists = { [DRIVES]: [], [MEDIA]: [], [POOLS]: [], [HOSTS]: [], [DISK_POOLS]: [] };

function run(lists: Lists, setup?: RunSetup): Promise<RunResult> {
  return runOnce(tape, { ...EMPTY, ...lists }, setup);
}

Deno.test("tape counts drives by type, robot and status", async () => {
  const down = { driveStatus: "DRIVE_STATUS_DOWN" };
  const result = await run({
    [DRIVES]: [
      drive("d0"),
      drive("d1"),
      drive("d2", down),
      drive("d3", { ...down, robotType: "ACS" }),
      drive("d4", { robotType: null, driveType: "DT_DLT2" }),
    ],
  });
  assert.deepEqual(result.series("nbu_tape_drives_count"), [
    "drive_type=DT_DLT2,robot_type=NONE,status=DRIVE_STATUS_UP: 1",
    "drive_type=DT_HCART,robot_type=ACS,status=DRIVE_STATUS_DOWN: 1",
    "drive_type=DT_HCART,robot_type=TLD,status=DRIVE_STATUS_DOWN: 1",
    "drive_type=DT_HCART,robot_type=TLD,status=DRIVE_STATUS_UP: 2",
  ]);
  assert.equal(result.rows, 5);
});

Deno.test("tape names a drive by its paths, else by its row", async () => {
  const result = await run({
    [DRIVES]: [
      drive("row0", { devicePaths: [drivePath("media01", "named")] }),
      drive("row1", { devicePaths: [drivePath("media01")] }),
      drive("row2", { devicePaths: [drivePath("media01", "")] }),
      drive("row3"),
      drive("row4", { devicePaths: null }),
      drive(5),
    ],
  });
  const names = result.series("nbu_tape_drive_info")
    .map((line) => line.split(",").slice(0, 2).join());
  assert.deepEqual(names, [
    "drive_name=5,media_server=",
    "drive_name=named,media_server=media01",
    "drive_name=row1,media_server=media01",
    "drive_name=row2,media_server=media01",
    "drive_name=row3,media_server=",
    "drive_name=row4,media_server=",
  ]);
});

Deno.test("tape shows a drive that several media servers share once for each, and counts it once", async () => {
  const devicePaths = ["media01", "media02", "media03"].map((host) => drivePath(host, "shared"));
  const result = await run({ [DRIVES]: [drive("shared", { devicePaths })] });
  assert.equal(result.count("nbu_tape_drive_info"), 3);
  const labels = { media_server: "media02", drive_type: "DT_HCART", robot_number: "0" };
  assert.equal(result.value("nbu_tape_drive_info", { ...labels, status: "DRIVE_STATUS_UP" }), 1);
  assert.equal(result.value("nbu_tape_drives_count", { status: "DRIVE_STATUS_UP" }), 1);
  assert.equal(result.repeated?.size, 0);
});

Deno.test("tape makes one series of what has the same labels, and counts the other", async () => {
  const twice = [drivePath("media01", "same"), drivePath("media01", "same")];
  const result = await run({
    [DRIVES]: [
      drive("same", { devicePaths: twice }),
      drive("same", { devicePaths: [drivePath("media01", "same")] }),
      drive("same", { devicePaths: [drivePath("media02", "same")] }),
    ],
  });
  assert.equal(result.count("nbu_tape_drive_info"), 2);
  assert.deepEqual([...result.repeated ?? []], [["nbu_tape_drive_info", 2]]);
  assert.equal(result.value("nbu_tape_drives_count"), 3, "two drives of one name are two");
});

Deno.test("tape gives a drive outside of a robot no robot number", async () => {
  const result = await run({
    [DRIVES]: [drive("a", { robotNumber: undefined }), drive("b", { robotNumber: "12" })],
  });
  assert.equal(result.value("nbu_tape_drive_info", { drive_name: "a", robot_number: "" }), 1);
  assert.equal(result.value("nbu_tape_drive_info", { drive_name: "b", robot_number: "12" }), 1);
});

Deno.test("tape counts volumes by pool, media type and robot", async () => {
  const result = await run({
    [MEDIA]: [
      medium("ABC001"),
      medium("ABC002"),
      medium("ABC003", { volumePool: "Scratch" }),
      medium("ABC004", { robot: null }),
      medium("ABC005", { robot: { robotType: "NONE" }, mediaType: "DLT_CLN" }),
      medium("ABC001"),
      { id: "ABC006", attributes: {} },
    ],
  });
  assert.deepEqual(result.series("nbu_tape_media_count"), [
    "pool=NetBackup,media_type=DLT_CLN,robot_type=NONE: 1",
    "pool=NetBackup,media_type=HCART,robot_type=NONE: 1",
    "pool=NetBackup,media_type=HCART,robot_type=TLD: 2",
    "pool=Scratch,media_type=HCART,robot_type=TLD: 1",
    "pool=UNKNOWN,media_type=UNKNOWN,robot_type=NONE: 1",
  ]);
  assert.equal(result.client.rejected.get(MEDIA), 1, "a volume that comes twice counts once");
});

Deno.test("tape gives the partially full volumes of a pool, named by its row where it has no name", async () => {
  const result = await run({
    [POOLS]: [
      volumePool("1", { volumePoolName: "NetBackup", partiallyFullMedia: 3 }),
      volumePool("4", { volumePoolName: "Scratch", poolType: "SCRATCH_MEDIA_POOL" }),
      volumePool("5", { volumePoolName: null, partiallyFullMedia: "2", poolType: null }),
      volumePool("6", { partiallyFullMedia: null }),
    ],
  });
  assert.deepEqual(result.series("nbu_tape_pool_partially_full"), [
    "pool_name=5,pool_type=UNKNOWN: 2",
    "pool_name=NetBackup,pool_type=REGULAR_MEDIA_POOL: 3",
    "pool_name=Scratch,pool_type=SCRATCH_MEDIA_POOL: 0",
    "pool_name=pool6,pool_type=REGULAR_MEDIA_POOL: 0",
  ]);
});

Deno.test("tape counts the hosts with robots, none as 0", async () => {
  const hosts = [robotHost("a.example.com"), robotHost("b.example.com")];
  assert.equal((await run({ [HOSTS]: hosts })).value("nbu_tape_robot_device_hosts"), 2);
  assert.equal((await run({})).value("nbu_tape_robot_device_hosts"), 0);
});

Deno.test("tape counts the volumes of a disk pool by state", async () => {
  const result = await run({
    [DISK_POOLS]: [
      diskPool("dp1", ["UP", "UP", "DOWN"]),
      diskPool("dp2", ["UP", null], "CLOUD"),
      diskPool("dp3", []),
    ],
  });
  assert.deepEqual(result.series("nbu_disk_pool_volume_count"), [
    "pool_name=dp1,storage_category=MSDP,state=DOWN: 1",
    "pool_name=dp1,storage_category=MSDP,state=UP: 2",
    "pool_name=dp2,storage_category=CLOUD,state=UNKNOWN: 1",
    "pool_name=dp2,storage_category=CLOUD,state=UP: 1",
  ]);
});

Deno.test("tape tells the drives that need cleaning, whatever else their comment says", async () => {
  const result = await run({
    [DRIVES]: [
      drive("a", { cleaningComment: "NEEDS CLEANING" }),
      drive("b", { cleaningComment: "TapeAlert: needs cleaning" }),
      drive("c", { cleaningComment: null }),
      drive("d", { cleaningComment: "cleaned" }),
      drive("twins", { cleaningComment: "NEEDS CLEANING" }),
      drive("twins"),
    ],
  });
  assert.deepEqual(result.series("nbu_tape_drive_needs_cleaning"), [
    "drive_name=a: 1",
    "drive_name=b: 1",
    "drive_name=c: 0",
    "drive_name=d: 0",
    "drive_name=twins: 1",
  ]);
});

Deno.test("tape counts the paths of drives by status, none as 0", async () => {
  const path = (pathStatus: unknown) => ({ ...Object(drivePath("media01", "d")), pathStatus });
  const result = await run({
    [DRIVES]: [
      drive("a", { devicePaths: [path("PATH_STATUS_UP"), path("PATH_STATUS_DOWN")] }),
      drive("b", { devicePaths: [path("PATH_STATUS_UP"), path(null)] }),
    ],
  });
  assert.deepEqual(result.series("nbu_tape_drive_paths"), [
    "status=PATH_STATUS_DISABLED: 0",
    "status=PATH_STATUS_DOWN: 1",
    "status=PATH_STATUS_UP: 2",
    "status=UNKNOWN: 1",
  ]);
});

Deno.test("tape sums up what is written to volumes, and counts them by each word of their status", async () => {
  const result = await run({
    [MEDIA]: [
      medium("A", { kiloBytes: 3, mediaStatus: "FULL ACTIVE FULL" }),
      medium("B", { kiloBytes: "4", mediaStatus: "FROZEN" }),
      medium("C", { kiloBytes: null, mediaStatus: "", volumePool: "Scratch" }),
      medium("D", { mediaStatus: null, volumePool: "Scratch" }),
    ],
  });
  assert.deepEqual(result.series("nbu_tape_media_used_bytes"), [
    `pool=NetBackup: ${7 * 1024}`,
    "pool=Scratch: 0",
  ]);
  assert.deepEqual(result.series("nbu_tape_media_status"), [
    "status=ACTIVE: 1",
    "status=FROZEN: 1",
    "status=FULL: 1",
    "status=IMPORTED: 0",
    "status=NONE: 2",
    "status=SUSPENDED: 0",
  ]);
});

Deno.test("tape counts the volumes of every pool, so that scratch pools without any are seen", async () => {
  const scratch = { poolType: "SCRATCH_MEDIA_POOL" };
  const lists = {
    [MEDIA]: [medium("A"), medium("B"), medium("C", { volumePool: "Spare" })],
    [POOLS]: [
      volumePool("1", { volumePoolName: "NetBackup" }),
      volumePool("2", { volumePoolName: "Spare", ...scratch }),
      volumePool("3", { volumePoolName: "Empty", ...scratch }),
    ],
  };
  assert.deepEqual((await run(lists)).series("nbu_tape_pool_media"), [
    "pool_name=Empty,pool_type=SCRATCH_MEDIA_POOL: 0",
    "pool_name=NetBackup,pool_type=REGULAR_MEDIA_POOL: 2",
    "pool_name=Spare,pool_type=SCRATCH_MEDIA_POOL: 1",
  ]);
  const unknown = await run({ ...lists, [MEDIA]: 404 });
  assert.equal(unknown.count("nbu_tape_pool_media"), 0, "unknown is not 0");
});

for (const version of VERSIONS) {
  Deno.test(`tape gives the media and pools of a simulated primary as they are, API ${version}`, async () => {
    const primary = simulatedPrimary({ apiVersion: version });
    const result = await primary.run(tape);
    assert.equal(
      result.value("nbu_tape_drive_needs_cleaning", { drive_name: "IBM.ULT3580-TD8.001" }),
      1,
    );
    if (version === "10.0") return assert.equal(result.count("nbu_tape_media_used_bytes"), 0);
    const tapes = primary.rows(MEDIA).map(({ attributes }) => attributes);
    for (const { attributes: { volumePoolName, poolType } } of primary.rows(POOLS)) {
      const [pool_name, pool_type] = [String(volumePoolName), String(poolType)];
      const own = tapes.filter(({ volumePool }) => volumePool === volumePoolName);
      assert.equal(result.value("nbu_tape_pool_media", { pool_name, pool_type }), own.length);
      const bytes = own.reduce((sum, { kiloBytes }) => sum + Number(kiloBytes) * 1024, 0);
      const value = result.value("nbu_tape_media_used_bytes", { pool: pool_name });
      assert.equal(value, own.length > 0 ? bytes : undefined);
    }
    const frozen = tapes.filter(({ mediaStatus }) => String(mediaStatus).includes("FROZEN"));
    assert.equal(result.value("nbu_tape_media_status", { status: "FROZEN" }), frozen.length);
  });
}

Deno.test("tape reads every page of every list", async () => {
  const many = <T>(make: (id: string) => T) =>
    Array.from({ length: 730 }, (_, index) => make(`n${String(index).padStart(4, "0")}`));
  const result = await run({
    [DRIVES]: many((id) => drive(id)),
    [MEDIA]: many((id) => medium(id)),
    [POOLS]: many((id) => volumePool(id)),
    [HOSTS]: many(robotHost),
    [DISK_POOLS]: many((id) => diskPool(id, ["UP"])),
  });
  assert.equal(result.value("nbu_tape_drives_count"), 730);
  assert.equal(result.count("nbu_tape_drive_info"), 730);
  assert.equal(result.value("nbu_tape_media_count"), 730);
  assert.equal(result.count("nbu_tape_pool_partially_full"), 730);
  assert.equal(result.value("nbu_tape_robot_device_hosts"), 730);
  assert.equal(result.count("nbu_disk_pool_volume_count"), 730);
  assert.equal(result.rows, 5 * 730);
  const pages = (path: string) =>
    result.requests.filter(({ endpoint }) => endpoint === path).length;
  assert.deepEqual([DRIVES, MEDIA, POOLS, HOSTS, DISK_POOLS].map(pages), [8, 8, 8, 1, 2]);
});

Deno.test("tape gives drives and disk pools of a release without the other lists, and does not ask for them", async () => {
  const lists = { [DRIVES]: [drive("d0")], [DISK_POOLS]: [diskPool("dp1", ["UP"])] };
  const result = await run(lists, { version: "10.0" });
  assert.equal(result.value("nbu_tape_drives_count"), 1);
  assert.equal(result.value("nbu_disk_pool_volume_count"), 1);
  for (const name of ["media_count", "pool_partially_full", "robot_device_hosts"]) {
    assert.equal(result.count(`nbu_tape_${name}`), 0, name);
  }
  assert.deepEqual(result.requests.map(({ endpoint }) => endpoint), [DRIVES, DISK_POOLS]);
});

Deno.test("tape goes on without a list that the release answers 404 or 406", async () => {
  for (const status of [404, 406]) {
    const result = await run({
      ...{ [MEDIA]: status, [POOLS]: status, [HOSTS]: status },
      ...{ [DRIVES]: [drive("d0")], [DISK_POOLS]: [diskPool("dp1", ["UP"])] },
    });
    assert.equal(result.value("nbu_tape_drives_count"), 1);
    assert.equal(result.value("nbu_disk_pool_volume_count"), 1);
    assert.equal(result.count("nbu_tape_robot_device_hosts"), 0, "unknown is not 0");
  }
});

Deno.test("tape is unsupported where the release has no drives, and fails on any other error", async () => {
  await assert.rejects(run({ [DRIVES]: 404 }), EndpointUnsupportedError);
  for (const endpoint of [DRIVES, MEDIA, DISK_POOLS]) {
    await assert.rejects(run({ [endpoint]: 500 }), /HTTP status 500/);
  }
});

for (const endpoint of [DRIVES, MEDIA, POOLS, DISK_POOLS]) {
  Deno.test(`tape fails when no row of ${endpoint} fits: that is not 0`, async () => {
    await assert.rejects(run({ [endpoint]: [{ attributes: 5 }, null] }), UnexpectedBodyError);
  });
}

Deno.test("tape drops a drive that does not fit, and only that", async () => {
  const bad = drive("bad", { devicePaths: "none" });
  const result = await run({
    [DRIVES]: [bad, drive("good"), drive("worse", { robotNumber: "x" })],
  });
  assert.equal(result.value("nbu_tape_drives_count"), 1);
  assert.equal(result.client.rejected.get(DRIVES), 2);
});
