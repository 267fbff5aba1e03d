/**
 * The servers of the simulated world.
 *
 * @module
 */

/** A media server. */
export interface MediaServer {
  readonly name: string;
  readonly up: boolean;
  /** As `/config/media-servers` spells it. */
  readonly status: string;
  readonly version: string;
  readonly os: string;
  readonly osVersion: string;
}

/** All media servers; the first ones have storage. None is later than the oldest primary. */
export const MEDIA_SERVERS: readonly [MediaServer, ...MediaServer[]] = [
  {
    name: "media01.example.com",
    up: true,
    status: "ACTIVE_FOR_TAPE_AND_DISK",
    version: "10.3",
    os: "linuxR_x86",
    osVersion: "Red Hat Enterprise Linux 9.4",
  },
  {
    name: "media02.example.com",
    up: true,
    status: "ACTIVE_FOR_DISK",
    version: "10.3",
    os: "linuxR_x86",
    osVersion: "Red Hat Enterprise Linux 8.10",
  },
  {
    name: "media03.example.com",
    up: false,
    status: "OFFLINE",
    version: "10.2",
    os: "win_x64",
    osVersion: "Windows Server 2019",
  },
  {
    name: "media04.example.com",
    up: true,
    status: "DEACTIVATED",
    version: "9.1",
    os: "solaris",
    osVersion: "Solaris 11",
  },
];

/** The media server of a number; beyond those of the world, one of a name like theirs. */
export function mediaServer(index: number): MediaServer {
  const [first] = MEDIA_SERVERS;
  const number = String(index + 1).padStart(2, "0");
  return MEDIA_SERVERS[index] ?? { ...first, name: `media${number}.example.com` };
}

/** A host that the primary knows. */
export interface Host {
  readonly name: string;
  /** None of a client that never had a certificate. */
  readonly uuid: string | undefined;
  readonly kind: "primary" | "media" | "client";
  readonly version: string;
  readonly os: string;
  readonly osVersion: string;
  /** Undefined where nobody has tried. */
  readonly reachable: boolean | undefined;
}

const VERSIONS = ["10.3", "10.3", "10.1", "9.1", "8.3.0.2"] as const;
const SYSTEMS = [
  ["RedHat", "Red Hat Enterprise Linux 9.4"],
  ["Windows", "Windows Server 2022"],
  ["SUSE", "SUSE Linux Enterprise Server 15"],
] as const;

/** The id of the host of a number. */
export function hostId(index: number): string {
  return `${(0x0b1c2d3e + index).toString(16).padStart(8, "0")}-1111-4222-8333-444455556666`;
}

/** A primary: no other host is of a later release. */
export interface Primary {
  readonly name: string;
  readonly version: string;
}

/** The host of a number: the primary, its media servers, then its clients. */
export function hostAt(index: number, primary: Primary, clients: readonly string[]): Host {
  const media = MEDIA_SERVERS[index - 1];
  if (index === 0) {
    const os = { os: "RedHat", osVersion: "Red Hat Enterprise Linux 9.4" };
    return { ...primary, uuid: hostId(0), kind: "primary", reachable: true, ...os };
  }
  if (media) {
    const { name, version, os, osVersion, up } = media;
    return { name, uuid: hostId(index), kind: "media", version, os, osVersion, reachable: up };
  }
  const client = index - 1 - MEDIA_SERVERS.length;
  const [os, osVersion] = SYSTEMS[client % SYSTEMS.length] ?? SYSTEMS[0];
  return {
    name: clients[client] ?? `client${client + 1}.example.com`,
    uuid: client % 9 === 8 ? undefined : hostId(index),
    kind: "client",
    version: VERSIONS[client % VERSIONS.length] ?? VERSIONS[0],
    os,
    osVersion,
    reachable: client % 6 === 5 ? undefined : client % 11 !== 10,
  };
}
