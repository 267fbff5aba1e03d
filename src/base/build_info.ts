/**
 * What was built.
 *
 * @module
 */
import deno from "../../deno.json" with { type: "json" };

/** Identity of a build. */
export interface BuildInfo {
  /** Semantic version, without a leading `v`. */
  readonly version: string;
  /** Source commit, or `unknown`. */
  readonly commit: string;
}

/** The build that runs straight from the sources, where no commit was stamped in. */
export function developmentBuild(): BuildInfo {
  return { version: deno.version, commit: "unknown" };
}
