/**
 * Schemas of single fields, tolerant as NetBackup's responses demand: a field may be missing or null,
 * a number may come as text, a date in four shapes. What is of a wrong type all the same fails.
 *
 * @module
 */
import * as v from "valibot";

/** Returned by a reader for what does not fit. */
const MISFIT = Symbol("misfit");

/** Schema of a field that may be missing or null. */
export type FieldSchema<T> = v.GenericSchema<unknown, T>;

/**
 * A field that `read` understands; missing and null give the default. A single step does the work,
 * since a job list has millions of fields.
 */
function field<T>(
  expected: string,
  fallback: T,
  read: (value: unknown) => T | typeof MISFIT,
): FieldSchema<T> {
  const action = v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    const result = value === undefined || value === null ? fallback : read(value);
    if (result !== MISFIT) return result;
    addIssue({ message: `not a ${expected}`, expected });
    return NEVER;
  });
  // With a default, the schema of the row asks for the field even where it is missing.
  return v.optional(v.pipe(v.unknown(), action), null);
}

/**
 * A number, or a number as text; missing, null and empty text give the default.
 *
 * @param minimum Smaller numbers, which make no sense, give the default as well.
 */
export function numeric(fallback: number, minimum = -Infinity): FieldSchema<number> {
  return field("number", fallback, (value) => readNumber(value, fallback, minimum));
}

/** A number like `numeric()`, undefined instead of a default. */
export function optionalNumeric(minimum = -Infinity): FieldSchema<number | undefined> {
  return field<number | undefined>(
    "number",
    undefined,
    (value) => readNumber(value, undefined, minimum),
  );
}

function readNumber<T>(value: unknown, fallback: T, minimum: number): number | T | typeof MISFIT {
  const number = typeof value === "string" ? fromText(value) : value;
  if (number === undefined) return fallback;
  if (typeof number !== "number" || !Number.isFinite(number)) return MISFIT;
  return number < minimum ? fallback : number;
}

function fromText(text: string): number | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : Number(trimmed);
}

/** A text; missing and null give the default. */
export function text(fallback = ""): FieldSchema<string> {
  return field("string", fallback, (value) => typeof value === "string" ? value : MISFIT);
}

/** A truth value, or one as text; missing, null and empty text are false. */
export function flag(): FieldSchema<boolean> {
  return field("boolean", false, (value) => readFlag(value, false));
}

/** A truth value like `flag()`, undefined instead of the default. */
export function optionalFlag(): FieldSchema<boolean | undefined> {
  return field<boolean | undefined>("boolean", undefined, (value) => readFlag(value, undefined));
}

function readFlag<T>(value: unknown, fallback: T): boolean | T | typeof MISFIT {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return MISFIT;
  const lower = value.toLowerCase();
  if (lower === "") return fallback;
  return lower === "true" || (lower === "false" ? false : MISFIT);
}

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
/** Smaller numbers are seconds: as milliseconds they would be a day before March 1973. */
const MIN_MILLISECONDS = 1e11;
/** Everything in the year 1970 stands for "never": NetBackup writes the epoch into unfinished jobs. */
const END_OF_1970_MS = Date.UTC(1971, 0, 1);
const DAYS_FROM_MARCH_OF_YEAR_0_TO_EPOCH = 719_468;
/** The largest time a `Date` can hold. */
const LATEST_MS = 8.64e15;

/**
 * A point in time in milliseconds since the epoch, from an ISO 8601 text (UTC where it names no zone),
 * or from milliseconds or seconds since the epoch, told apart by their magnitude. Missing, null,
 * empty text and anything in 1970 or before give undefined.
 */
export function instant(): FieldSchema<number | undefined> {
  return field<number | undefined>("date", undefined, (value) => {
    if (value === "") return undefined;
    const milliseconds = typeof value === "string" ? fromDateText(value) : fromEpoch(value);
    if (milliseconds === undefined || Number.isNaN(milliseconds)) return MISFIT;
    return milliseconds < END_OF_1970_MS ? undefined : milliseconds;
  });
}

function fromDateText(value: string): number | undefined {
  const parts = ISO_DATE.exec(value);
  if (parts === null) return /^-?\d+$/.test(value) ? fromEpoch(Number(value)) : undefined;
  const zoned = parts[1] === undefined && value.length > "2026-01-01".length ? `${value}Z` : value;
  // `Date` knows no comma.
  return Date.parse(zoned.replace(",", "."));
}

/**
 * The same for the one form that nearly all dates have, `2026-01-01T00:00:00.000Z`.
 *
 * @returns Milliseconds since the epoch, 0 for "never"; NaN for any other form, which `instant()`
 *   may understand all the same.
 */
export function plainInstant(value: unknown): number {
  if (typeof value !== "string" || value.length !== 24) return NaN;
  const plain = value[4] === "-" && value[7] === "-" && value[10] === "T" && value[13] === ":" &&
    value[16] === ":" && value[19] === "." && value[23] === "Z";
  if (!plain) return NaN;
  const day = daysSinceEpoch(digits(value, 0, 4), digits(value, 5, 2), digits(value, 8, 2));
  const hour = inRange(digits(value, 11, 2), 0, 23);
  const minute = inRange(digits(value, 14, 2), 0, 59);
  const second = inRange(digits(value, 17, 2), 0, 59);
  const milliseconds = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000 +
    digits(value, 20, 3);
  return milliseconds < END_OF_1970_MS ? 0 : milliseconds;
}

/** The number that so many digits make; NaN when there is anything else. */
function digits(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

function inRange(number: number, least: number, most: number): number {
  return number >= least && number <= most ? number : NaN;
}

/** Days in the Gregorian calendar; NaN for a day that is not in it. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day is the last one.
  const monthFromMarch = (inRange(month, 1, 12) + 9) % 12;
  const yearFromMarch = year - (month < 3 ? 1 : 0);
  const leapDays = Math.floor(yearFromMarch / 4) - Math.floor(yearFromMarch / 100) +
    Math.floor(yearFromMarch / 400);
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) +
    inRange(day, 1, daysOf(year, month)) - 1;
  return yearFromMarch * 365 + leapDays + dayOfYear - DAYS_FROM_MARCH_OF_YEAR_0_TO_EPOCH;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function fromEpoch(value: unknown): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const milliseconds = value < MIN_MILLISECONDS ? value * 1000 : value;
  return milliseconds > LATEST_MS ? undefined : milliseconds;
}
