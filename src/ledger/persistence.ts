/**
 * Writing a ledger down and taking it up again.
 *
 * @module
 */
import type { Labels } from "../metrics/types.ts";
import type { LedgerDocument } from "./document.ts";
import type { Ledger } from "./ledger.ts";
import { covers } from "./ranges.ts";

/** What a document holds beside the ledger itself. */
export type DocumentExtras = Pick<LedgerDocument, "statusTexts" | "actions">;

/**
 * The ledger as it stands, in one piece: counters, what is still to be read, and the records that
 * recognise what is read again belong together.
 *
 * Of the records, those go in that what is still to be read may show again, and of the others about
 * `recall` of the newest. Of what has been caught up with beyond that, only the completions go in;
 * what is left out counts as forgotten.
 */
export function writeDown(ledger: Ledger, extras: DocumentExtras): LedgerDocument {
  const { table, combos, ranges, totals, caughtUpTo } = ledger;
  const threshold = ledger.newerThan(ledger.recall);
  let { heldFrom, forgottenBefore } = ledger;
  const rows: number[] = [];
  const bare: number[] = [];
  for (let row = 0; row < table.size; row++) {
    const end = table.endMs(row);
    const update = table.updateMs(row);
    if (!table.isBare(row) && (update >= threshold || covers(ranges, update))) {
      rows.push(row);
      continue;
    }
    heldFrom = Math.max(heldFrom, end + 1);
    if (update >= caughtUpTo) bare.push(row);
    else forgottenBefore = Math.max(forgottenBefore, Math.min(end, update) + 1);
  }
  return {
    ...extras,
    countFrom: ledger.countFrom,
    heldFrom,
    forgottenBefore: forgottenBefore === -Infinity ? null : forgottenBefore,
    caughtUpTo,
    newest: ledger.newest ?? null,
    ranges: ranges.map(({ from, to }) => [from, to ?? null]),
    counters: Object.fromEntries(totals.counters.map((family) => [
      family.definition.name,
      [...family.values()].map(({ labels, value }) => [labels, value]),
    ])),
    histograms: Object.fromEntries(totals.histograms.map((family) => [
      family.definition.name,
      [...family.values()].map(({ labels, counts, sum }) => [labels, [...counts], sum]),
    ])),
    combos: combos.all.map(({ action, policyType, status }) => [action, policyType, status]),
    records: {
      jobId: rows.map((row) => table.jobId(row)),
      end: rows.map((row) => table.endMs(row)),
      update: rows.map((row) => table.updateMs(row)),
      combo: rows.map((row) => table.combo(row)),
      kilobytes: rows.map((row) => table.kilobytes(row)),
      dataKilobytes: rows.map((row) => table.dataKilobytes(row)),
      files: rows.map((row) => table.files(row)),
      dedup: rows.map((row) => table.dedupRatio(row)),
      tries: rows.map((row) => table.tries(row)),
    },
    bare: {
      jobId: bare.map((row) => table.jobId(row)),
      end: bare.map((row) => table.endMs(row)),
    },
  };
}

/** Fills a fresh ledger with what was written down. */
export function takeUp(ledger: Ledger, document: LedgerDocument): void {
  const { totals } = ledger;
  ledger.countFrom = document.countFrom;
  ledger.heldFrom = document.heldFrom;
  ledger.forgottenBefore = document.forgottenBefore ?? -Infinity;
  ledger.caughtUpTo = document.caughtUpTo;
  ledger.newest = document.newest ?? undefined;
  for (const [from, to] of document.ranges) ledger.ranges.push({ from, to: to ?? undefined });
  for (const family of totals.counters) {
    for (const [labels, value] of document.counters[family.definition.name] ?? []) {
      const own = ownLabels(family.definition.labels, labels, ledger.site);
      if (own) family.cell(own).value = value;
    }
  }
  for (const family of totals.histograms) {
    for (const [labels, counts, sum] of document.histograms[family.definition.name] ?? []) {
      const own = ownLabels(family.definition.labels, labels, ledger.site);
      // Other bounds, of another version: what was counted in them cannot be told apart any more.
      if (!own || counts.length !== family.bounds.length + 1) continue;
      const cell = family.cell(own);
      counts.forEach((count, index) => cell.counts[index] = count);
      cell.sum = sum;
    }
  }
  totals.adoptStatuses();
  const combos = document.combos.map((combo) => ledger.combos.intern(...combo));
  const { records } = document;
  for (let index = 0; index < records.jobId.length; index++) {
    const at = (column: readonly number[]) => column[index] ?? 0;
    ledger.table.insert({
      jobId: at(records.jobId),
      endMs: at(records.end),
      updateMs: at(records.update),
      combo: combos[at(records.combo)]?.index ?? 0,
      kilobytes: at(records.kilobytes),
      dataKilobytes: at(records.dataKilobytes),
      files: at(records.files),
      dedupRatio: at(records.dedup),
      tries: at(records.tries),
    });
  }
  const { bare } = document;
  bare.jobId.forEach((jobId, index) => ledger.table.insertBare(jobId, bare.end[index] ?? 0));
}

/** The labels of a series, if it has all; a label of another site cannot come in. */
function ownLabels(
  names: readonly string[],
  labels: Readonly<Record<string, string>>,
  site: string,
): Labels | undefined {
  if (!names.every((name) => name in labels)) return undefined;
  return { ...labels, site };
}
