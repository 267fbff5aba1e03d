import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { flag, instant, optionalFlag, plainInstant } from "../../src/netbackup/fields.ts";

const END_OF_1970 = Date.UTC(1971, 0, 1);

Deno.test("plainInstant() reads every date of the usual form as Date does", () => {
  const dates = fc.date({
    min: new Date("0001-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (date) => {
      const expected = date.getTime() < END_OF_1970 ? 0 : date.getTime();
      assert.equal(plainInstant(date.toISOString()), expected);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("plainInstant() reads the ends of all months, leap years included", () => {
  for (let year = 1996; year <= 2104; year += 4) {
    for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
      assert.equal(plainInstant(new Date(day).toISOString()), day);
    }
  }
});

Deno.test("instant() reads fractions of a second behind a comma, which ISO 8601 allows", () => {
  const parsed = v.parse(v.object({ time: instant() }), { time: "2026-01-01T00:00:00,123Z" });
  assert.equal(parsed.time, Date.UTC(2026, 0, 1) + 123);
});

Deno.test("plainInstant() leaves all other forms, and dates there are not, to the schema", () => {
  const others = [
    "2026-02-29T00:00:00.000Z",
    "2026-04-31T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-00-01T00:00:00.000Z",
    "2026-01-00T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z",
    "2026-01-01T00:60:00.000Z",
    "2026-01-01T00:00:60.000Z",
    "2026-01-01T00:00:00.00aZ",
    "2026-01-01T00:00:00.000z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00+01:0",
    "",
    1_790_000_000_000,
    null,
    undefined,
  ];
  for (const other of others) assert.ok(Number.isNaN(plainInstant(other)), String(other));
});

Deno.test("optionalFlag() reads what flag() reads, and tells a missing value from false", () => {
  const cases: readonly (readonly [unknown, boolean | undefined])[] = [
    [true, true],
    [false, false],
    ["TRUE", true],
    ["false", false],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases) {
    assert.equal(v.parse(optionalFlag(), value), expected, String(value));
    assert.equal(v.parse(flag(), value), expected ?? false, String(value));
  }
  for (const wrong of [1, "yes", {}, []]) {
    assert.ok(!v.safeParse(optionalFlag(), wrong).success);
    assert.ok(!v.safeParse(flag(), wrong).success);
  }
});
