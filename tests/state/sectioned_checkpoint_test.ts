import assert from "node:assert/strict";
import * as v from "valibot";
import { CheckpointFile } from "../../src/state/checkpoint.ts";
import { fileNameOf } from "../../src/state/file_name.ts";
import { defineSection, type SectionDefinition } from "../../src/state/section.ts";
import { SectionedCheckpoint } from "../../src/state/sectioned_checkpoint.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { join } from "node:path";

const owner = { site: "a", primary: "https://nbu:1556/netbackup" };

/** A section that holds one number. */
function counter(name: string, value: number, more: Partial<SectionDefinition<number>> = {}) {
  const state = { value };
  const section = defineSection<number>({
    name,
    version: 1,
    schemas: { 1: v.number() },
    serialize: () => state.value,
    restore: (content) => state.value = content,
    ...more,
  });
  return Object.assign(state, { section });
}

async function withFile(
  use: (
    open: () => SectionedCheckpoint,
    log: ReturnType<typeof createRecordingLogger>,
    directory: string,
  ) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const log = createRecordingLogger();
  const clock = createFakeClock();
  const options = { ...owner, directory, kind: "state", clock, logger: log.logger } as const;
  try {
    await use(() => new SectionedCheckpoint(new CheckpointFile(options)), log, directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Saves these sections. */
async function save(
  checkpoint: SectionedCheckpoint,
  ...sections: readonly ReturnType<typeof counter>[]
): Promise<void> {
  for (const { section } of sections) await checkpoint.attach(section);
  await checkpoint.load();
  await checkpoint.save();
}

Deno.test("a section is restored from what was saved last, whether attached before or after the load", () =>
  withFile(async (open) => {
    await save(open(), counter("ledger", 5), counter("clients", 7));
    const checkpoint = open();
    const [early, late] = [counter("ledger", 0), counter("clients", 0)];
    await checkpoint.attach(early.section);
    await checkpoint.load();
    await checkpoint.attach(late.section);
    assert.deepEqual([early.value, late.value], [5, 7]);
  }));

Deno.test("the section of a collector that is off is kept as it is", () =>
  withFile(async (open) => {
    await save(open(), counter("ledger", 5), counter("clients", 7));
    const without = open();
    const ledger = counter("ledger", 0);
    await without.attach(ledger.section);
    await without.load();
    ledger.value = 6;
    await without.save();
    const again = open();
    const [first, second] = [counter("ledger", 0), counter("clients", 0)];
    await again.attach(first.section);
    await again.attach(second.section);
    await again.load();
    assert.deepEqual([first.value, second.value], [6, 7]);
    // Switched off and on again while the program runs.
    second.value = 8;
    await again.detach(second.section);
    await again.save();
    const back = counter("clients", 0);
    await again.attach(back.section);
    assert.equal(back.value, 8);
  }));

Deno.test("a section that does not match its schema costs itself only, and a copy is put aside", () =>
  withFile(async (open, log, directory) => {
    await save(open(), counter("ledger", 5), counter("clients", -7));
    const checkpoint = open();
    const positive = v.pipe(v.number(), v.minValue(0));
    const [ledger, clients] = [
      counter("ledger", 0),
      counter("clients", 0, { schemas: { 1: positive } }),
    ];
    await checkpoint.attach(ledger.section);
    await checkpoint.attach(clients.section);
    await checkpoint.load();
    assert.deepEqual([ledger.value, clients.value], [5, 0]);
    assert.deepEqual(log.records.map(({ level }) => level), ["error"]);
    const { reason, detail, copied_to } = log.records[0]?.fields ?? {};
    assert.equal(reason, "damaged");
    assert.match(String(detail), /^section "clients": /);
    const copy = await Deno.readTextFile(String(copied_to));
    assert.equal(copy, await Deno.readTextFile(join(directory, fileNameOf("a"))));
  }));

Deno.test("a section of a later version costs itself only; one of an earlier version is converted", () =>
  withFile(async (open, log) => {
    const later = counter("ledger", 5, { version: 3, schemas: { 3: v.number() } });
    await save(open(), later, counter("clients", 7));
    const checkpoint = open();
    const ledger = counter("ledger", 0, { version: 2, schemas: { 2: v.number() } });
    const tenfold = v.pipe(v.number(), v.transform((value) => value * 10));
    const clients = counter("clients", 0, { version: 2, schemas: { 1: tenfold, 2: v.number() } });
    await checkpoint.attach(ledger.section);
    await checkpoint.attach(clients.section);
    await checkpoint.load();
    assert.deepEqual([ledger.value, clients.value], [0, 70]);
    assert.equal(log.records[0]?.fields["reason"], "newer");
    await checkpoint.save();
    const again = open();
    const current = counter("clients", 0, { version: 2, schemas: { 2: v.number() } });
    await again.attach(current.section);
    await again.load();
    assert.equal(current.value, 70, "it is written in the present version");
  }));

Deno.test("two sections of one name are refused", () =>
  withFile(async (open) => {
    const checkpoint = open();
    await checkpoint.attach(counter("ledger", 1).section);
    await assert.rejects(checkpoint.attach(counter("ledger", 2).section), RangeError);
  }));

Deno.test("a file of version 1, which held the ledger alone, is still read", () =>
  withFile(async (open, log, directory) => {
    const body = "42";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
    const head = JSON.stringify({
      format: "nbu_exporter checkpoint",
      version: 1,
      ...owner,
      bytes: body.length,
      sha256: new Uint8Array(digest).toHex(),
    });
    await Deno.writeTextFile(join(directory, fileNameOf("a")), `${head}\n${body}`);
    const checkpoint = open();
    const ledger = counter("ledger", 0);
    await checkpoint.attach(ledger.section);
    await checkpoint.load();
    assert.equal(ledger.value, 42);
    assert.deepEqual(log.records, []);
  }));
