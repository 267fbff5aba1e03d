/**
 * File names for names that are free text.
 *
 * @module
 */
import { createHash } from "node:crypto";

const READABLE = 40;

/**
 * What a file holds of a site: `state` what was counted and where the reading is, `runs` when its
 * collectors last succeeded.
 */
export type FileKind = "state" | "runs";

/**
 * A file name for a site: a readable part, and a digest that tells apart what the readable part
 * does not, on file systems that ignore case too.
 */
export function fileNameOf(site: string, kind: FileKind = "state"): string {
  const readable = site.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, READABLE);
  const digest = createHash("sha256").update(site).digest("hex").slice(0, 24);
  return `${readable}.${digest}.${kind}`;
}
