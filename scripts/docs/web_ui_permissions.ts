/**
 * What the permissions of a role are called in NetBackup's web UI.
 *
 * The documents of the API name permissions by namespace, the vendor's guides to the web UI by what
 * its pages show, and no document has both: a name is here only where a guide has a permission of
 * the same meaning. Guides after 9.1 describe few permissions one by one.
 *
 * @module
 */

/** A permission as the web UI shows it. */
export interface WebUiPermission {
  /** Where it is on the page of a role, and what it is called. */
  readonly path: string;
  /** Release whose guide to the web UI has it: the newest that was found. */
  readonly guide: string;
}

const MANAGEMENT = "Global > NetBackup management";
const PROTECTION = "Global > Protection";
const SECURITY = "Global > Security";
const STORAGE = "Global > Storage";
const CERTIFICATES = `${SECURITY} > Certificate management`;

/**
 * By namespace, with the operation behind it where an object has others besides VIEW; undefined where
 * no guide has a permission that is clearly the same.
 */
export const WEB_UI_PERMISSIONS: Readonly<Record<string, WebUiPermission | undefined>> = Object
  .freeze({
    "|ASSETS|": { path: "Assets > (each workload) > View", guide: "11.2" },
    "|MANAGE|ANOMALIES|": { path: `${MANAGEMENT} > Anomalies > View`, guide: "9.1" },
    "|MANAGE|EMAIL-NOTIFICATIONS|": {
      path: `${MANAGEMENT} > Email notifications > View`,
      guide: "9.1",
    },
    "|MANAGE|EVENTLOGS|NOTIFICATIONS|": {
      path: `${MANAGEMENT} > Event logs > Event log notifications > View`,
      guide: "9.1",
    },
    "|MANAGE|HOSTS|": { path: `${MANAGEMENT} > NetBackup hosts > View`, guide: "9.1" },
    "|MANAGE|HOSTS|HOST-PROPERTIES|": undefined,
    "|MANAGE|HOSTS|PROCESSES|": undefined,
    "|MANAGE|IMAGES|": { path: `${MANAGEMENT} > NetBackup backup images > View`, guide: "9.1" },
    "|MANAGE|JOBS|": { path: `${MANAGEMENT} > Jobs > View`, guide: "9.1" },
    "|MANAGE|LICENSING|": { path: `${MANAGEMENT} > Licensing > View`, guide: "9.1" },
    "|MANAGE|LICENSING|USAGE|": undefined,
    "|MANAGE|MALWARE|": { path: `${MANAGEMENT} > Malware > View scan results`, guide: "11.2" },
    "|MANAGE|MALWARE|SCAN-HOST|": { path: `${MANAGEMENT} > Scan hosts > View`, guide: "11.2" },
    "|MANAGE|MEDIA-SERVERS|": { path: `${MANAGEMENT} > Media server > View`, guide: "9.1" },
    "|MANAGE|SCAN|SCAN-RESULT|": undefined,
    // CloudPoint is what snapshot managers were called then.
    "|MANAGE|SNAPSHOT-MGMT-SERVER|": {
      path: `${MANAGEMENT} > CloudPoint servers > View`,
      guide: "9.1",
    },
    "|MANAGE|STORAGE-LIFECYCLE-IMAGES|": undefined,
    "|PROTECTION|POLICIES|": { path: `${PROTECTION} > Policies > View`, guide: "9.1" },
    "|PROTECTION|PROTECTION_PLAN|": { path: "Protection plans > View", guide: "9.1" },
    "|PROTECTION|SLPS|": {
      path: `${PROTECTION} > Storage lifecycle policies > View`,
      guide: "8.3",
    },
    "|SECURITY|AUDIT-LOGS|": { path: `${SECURITY} > Security events > View`, guide: "8.3" },
    "|SECURITY|CERTIFICATE-MANAGEMENT|CERTIFICATE-AUTHORITIES|": {
      path: `${CERTIFICATES} > NetBackup certificate authority > View hosts migrate CA`,
      guide: "8.3",
    },
    "|SECURITY|CERTIFICATE-MANAGEMENT|NETBACKUP-CERTIFICATES|": {
      path: `${CERTIFICATES} > NetBackup certificates > View`,
      guide: "8.3",
    },
    "|SECURITY|KMS|": { path: `${SECURITY} > Key Management Services > View`, guide: "9.1" },
    "|SECURITY|KMS| |OPERATIONS|SECURITY|KMS|SERVICES|VIEW|": undefined,
    "|SECURITY|MPA|TICKETS|": undefined,
    "|SECURITY|SETTINGS|": undefined,
    "|STORAGE|DISK-POOLS|": { path: `${STORAGE} > Disk pools > View`, guide: "11.2" },
    "|STORAGE|STORAGE-SERVERS|": { path: `${STORAGE} > Storage servers > View`, guide: "11.2" },
    "|STORAGE|STORAGE-SERVERS|UNIVERSAL-SHARES|": {
      path: `${STORAGE} > Storage universal shares > View`,
      guide: "11.2",
    },
    "|STORAGE|STORAGE-UNITS|": undefined,
    "|STORAGE|TAPE-DEVICES|": undefined,
    "|STORAGE|TAPE-MEDIA|": undefined,
    "|STORAGE|TAPE-MEDIA|VOLUME-POOLS|": undefined,
  });
