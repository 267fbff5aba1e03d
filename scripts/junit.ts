/**
 * Totals of a JUnit report.
 *
 * @module
 */

/** How many tests ended how. */
export interface Totals {
  readonly passed: number;
  readonly failures: number;
  readonly skipped: number;
}

/** Reads the totals from the attributes of the report's suites. */
export function junitTotals(xml: string): Totals {
  const suites = [...xml.matchAll(/<testsuite\s[^>]*>/g)].map(([tag]) => tag);
  const sum = (name: string) =>
    suites.reduce((total, tag) => {
      const value = new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1];
      return total + Number(value ?? 0);
    }, 0);
  const failures = sum("failures") + sum("errors");
  const skipped = sum("disabled") + sum("skipped");
  return { passed: sum("tests") - failures - skipped, failures, skipped };
}
