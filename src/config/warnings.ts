/**
 * What a valid configuration's operator should still know.
 *
 * @module
 */
import { formatKeyPath, type KeyPath } from "./key_path.ts";
import { nearest } from "./schema/nearest.ts";
import type { ValidConfig } from "./schema/schema.ts";
import type { Config, ConfigWarning } from "./types.ts";
import type { WalkResult } from "./schema/walk.ts";
import type { Places } from "./file/yaml_places.ts";

/** Unknown keys, keys that do nothing, and unverified certificates, in the order of the file. */
export function collectWarnings(
  file: string,
  config: Config,
  valid: ValidConfig,
  walked: WalkResult,
  places: Places,
): readonly ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  const warn = (kind: ConfigWarning["kind"], path: KeyPath, message: string) => {
    const place = places.key(path);
    const key = formatKeyPath(path);
    warnings.push({ kind, file, line: place?.line, column: place?.column, key, message });
  };

  for (const { path, known } of walked.unknown) {
    const meant = nearest(String(path.at(-1)), known);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    warn("unknown-key", path, `Unknown key "${formatKeyPath(path)}" is ignored${hint}`);
  }
  for (const path of walked.ignored) {
    warn("ignored-key", path, `Key "${formatKeyPath(path)}" no longer does anything; remove it`);
  }
  if (valid.nbuserver && valid.nbuservers.length > 0) {
    const message = 'Block "nbuserver" is not collected because "nbuservers" is there; remove it';
    warn("ignored-key", ["nbuserver"], message);
  }
  config.sites.forEach((site, index) => {
    if (!site.insecureSkipVerify) return;
    const block: KeyPath = valid.nbuservers.length > 0 ? ["nbuservers", index] : ["nbuserver"];
    const message =
      `TLS certificate of site "${site.site}" is not verified, so its API key can be ` +
      "stolen; set caFile and remove insecureSkipVerify";
    warn("insecure", [...block, "insecureSkipVerify"], message);
  });
  return warnings.sort((a, b) =>
    (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
  );
}
