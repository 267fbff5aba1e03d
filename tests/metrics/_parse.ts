/**
 * A small, strict reader of the exposition formats.
 *
 * @module
 */

/** One line with a value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Labels of the exemplar, where the line has one; OpenMetrics only. */
  readonly exemplar?: Readonly<Record<string, string>>;
}

/** One metric with its lines, in order. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

/**
 * Reads a page.
 *
 * @throws Error When a line is no line of the format, a metric appears in two places, a sample is
 * outside its metric, or OpenMetrics does not end with its end.
 */
export function parseExposition(text: string, format: "text" | "openmetrics"): ParsedFamily[] {
  let lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("The last line does not end");
  if (format === "openmetrics") {
    if (lines.pop() !== "# EOF") throw new Error("The end is missing");
    if (lines.includes("")) throw new Error("An empty line in OpenMetrics");
  }
  lines = lines.filter((line) => line !== "");
  const families = new Map<string, { help: string; type: string; samples: ParsedSample[] }>();
  let current = "";
  for (const line of lines) {
    const help = /^# HELP (\S+) (.*)$/.exec(line);
    const type = /^# TYPE (\S+) (\w+)$/.exec(line);
    if (help?.[1] !== undefined) {
      current = help[1];
      if (families.has(current)) throw new Error(`The metric ${current} appears twice`);
      families.set(current, { help: help[2] ?? "", type: "", samples: [] });
    } else if (type?.[1] !== undefined) {
      if (type[1] !== current) throw new Error(`TYPE of ${type[1]} within ${current}`);
      const family = families.get(current);
      if (family) family.type = type[2] ?? "";
    } else {
      const sample = parseSample(line, format);
      const family = families.get(current);
      const suffixes = suffixesOf(family?.type ?? "", format);
      if (!family || !suffixes.some((suffix) => sample.name === current + suffix)) {
        throw new Error(`The sample ${line} is outside its metric`);
      }
      family.samples.push(sample);
    }
  }
  return [...families].map(([name, family]) => ({ name, ...family }));
}

function suffixesOf(type: string, format: string): string[] {
  const created = format === "openmetrics" ? ["_created"] : [];
  if (type === "histogram") return ["_bucket", "_sum", "_count", ...created];
  return type === "counter" && format === "openmetrics" ? ["_total", ...created] : [""];
}

const NAME = String.raw`[a-zA-Z_:][\w:]*`;
const LABELS = String.raw`\{((?:[a-zA-Z_]\w*="(?:\\.|[^"\\])*",?)*)\}`;
const EXEMPLAR = String.raw`(?: # ${LABELS} (\S+)(?: (\S+))?)?`;

function parseSample(line: string, format: "text" | "openmetrics"): ParsedSample {
  const exemplar = format === "openmetrics" ? EXEMPLAR : "";
  const match = new RegExp(`^(${NAME})(?:${LABELS})? (\\S+)${exemplar}$`, "su").exec(line);
  if (!match?.[1] || match[3] === undefined) throw new Error(`No sample: ${line}`);
  const sample = {
    name: match[1],
    labels: parseLabels(match[2] ?? "", line),
    value: parseValue(match[3]),
  };
  if (match[4] === undefined) return sample;
  for (const value of [match[5], match[6]]) if (value !== undefined) parseValue(value);
  return { ...sample, exemplar: parseLabels(match[4], line) };
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/gsu)) {
    if (name in labels) throw new Error(`The label ${name} appears twice: ${line}`);
    labels[name] = unescape(value);
  }
  return labels;
}

function unescape(value: string): string {
  return value.replace(/\\(.)/gsu, (whole, char) => {
    if (char === "n") return "\n";
    if (char === "\\" || char === '"') return char;
    throw new Error(`No escape: ${whole}`);
  });
}

function parseValue(value: string): number {
  if (value === "NaN") return NaN;
  if (value === "+Inf" || value === "-Inf") return value === "+Inf" ? Infinity : -Infinity;
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)) throw new Error(`No value: ${value}`);
  return Number(value);
}
