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

/** All media servers; the first ones have storage. */
export const MEDIA_SERVERS: readonly [MediaServer, ...MediaServer[]] = [
  {
    name: "media01.example.com",
    up: true,
    status: "ACTIVE_FOR_TAPE_AND_DISK",
    version: "10.5",
    os: "linuxR_x86",
    osVersion: "Red Hat Enterprise Linux 9.4",
  },
  {
    name: "media02.example.com",
    up: true,
    status: "ACTIVE_FOR_DISK",
    version: "10.5",
    os: "linuxR_x86",
    osVersion: "Red Hat Enterprise Linux 8.10",
  },
  {
    name: "media03.example.com",
    up: false,
    status: "OFFLINE",
    version: "10.3",
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
