/**
 * Rows of the lists of tape and disk pools, of the shapes in the vendor's documents.
 *
 * @module
 */

/** One path of a drive; a drive that several media servers share has one for each. */
export function drivePath(deviceHost: unknown, driveName?: unknown): unknown {
  return {
    pathIndex: 0,
    deviceHost,
    ...(driveName === undefined ? {} : { driveName }),
    devicePath: "/dev/nst0",
    pathStatus: "PATH_STATUS_UP",
    isEnabled: true,
  };
}

/** A drive that is up, in robot 0. */
export function drive(id: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    id,
    type: "drive",
    attributes: {
      driveIndex: 0,
      serialNumber: "1068001234",
      devicePaths: [],
      driveType: "DT_HCART",
      robotType: "TLD",
      robotNumber: 0,
      driveStatus: "DRIVE_STATUS_UP",
      enabled: true,
      lastMountTime: "2025-10-25T21:40:12.000Z",
      ...attributes,
    },
  };
}

/** A tape volume in the pool `NetBackup`. */
export function medium(id: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    id,
    type: "volumeInfo",
    attributes: {
      barcode: `${id}L8`,
      mediaType: "HCART",
      robot: { robotType: "TLD", robotNumber: 0, robotHost: "media01.example.com" },
      volumePool: "NetBackup",
      mediaStatus: "FULL ACTIVE MULTIPLEXED",
      ...attributes,
    },
  };
}

/** A volume pool. */
export function volumePool(id: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    id,
    type: "volumePoolDetails",
    attributes: {
      volumePoolName: `pool${id}`,
      description: "",
      partiallyFullMedia: 0,
      poolType: "REGULAR_MEDIA_POOL",
      ...attributes,
    },
  };
}

/** A disk pool whose volumes have these states. */
export function diskPool(
  name: string,
  states: readonly unknown[],
  storageCategory = "MSDP",
): unknown {
  return {
    id: `PureDisk:${name}`,
    type: "diskPool",
    attributes: {
      name,
      sType: "PureDisk",
      storageCategory,
      diskVolumes: states.map((state, index) => ({
        name: `volume${index}`,
        state,
        rawSizeBytes: 1,
      })),
      diskPoolState: "UP",
    },
  };
}

/** A host with robots: it has a name and nothing else. */
export function robotHost(id: string): unknown {
  return { id, type: "deviceHost" };
}
