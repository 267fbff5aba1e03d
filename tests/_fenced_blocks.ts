/**
 * The fenced code blocks of the documentation.
 *
 * @module
 */
import { join } from "node:path";

/** The root of the repository. */
export const ROOT = new URL("..", import.meta.url).pathname;

/** A fenced code block. */
export interface FencedBlock {
  /** Page relative to the root. */
  readonly page: string;
  /** Line of its first line. */
  readonly line: number;
  /** What stands behind the fence: `yaml`. */
  readonly language: string;
  /** Its text, without the indentation of the fence. */
  readonly text: string;
}

/** The pages that tell a reader to type or paste something. */
export async function documentationPages(): Promise<string[]> {
  const pages = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"];
  for await (const { name } of Deno.readDir(join(ROOT, "docs"))) {
    if (name.endsWith(".md")) pages.push(`docs/${name}`);
  }
  return pages.toSorted();
}

/** All blocks of a page. */
export function fencedBlocks(page: string, markdown: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const [, indent = "", language] = /^( *)```(\S*)$/.exec(lines[i] ?? "") ?? [];
    if (language === undefined) continue;
    const line = i + 2;
    const inner: string[] = [];
    for (i++; i < lines.length && lines[i]?.trim() !== "```"; i++) {
      inner.push((lines[i] ?? "").slice(indent.length));
    }
    blocks.push({ page, line, language, text: `${inner.join("\n")}\n` });
  }
  return blocks;
}
