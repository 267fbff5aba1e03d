/**
 * Finished jobs as a ledger offers them, and a checkpoint that is kept in memory.
 *
 * @module
 */
import type { CompletionSource } from "../../src/collectors/collector.ts";
import { JobFeed } from "../../src/collectors/job_feed.ts";
import type { Completion, CompletionListener } from "../../src/ledger/completions.ts";
import { SectionedCheckpoint } from "../../src/state/sectioned_checkpoint.ts";
import { createMemoryCheckpoint, type MemoryCheckpoint } from "../ledger/_memory_checkpoint.ts";

/** A source under the control of a test. */
export interface FakeJobs extends CompletionSource {
  /** Whether the last reading succeeded; true from the start. */
  current: boolean;
  readonly subscribers: number;
  readonly checkpoint: MemoryCheckpoint;
  /** A job has ended: a successful backup of 1 KB unless told otherwise. */
  end(fields: Partial<Completion>): void;
  /** Keeps the sections, as the ledger does after each poll. */
  save(): Promise<void>;
}

/**
 * Makes a source.
 *
 * @param checkpoint What an earlier one has kept.
 */
export async function createFakeJobs(checkpoint = createMemoryCheckpoint()): Promise<FakeJobs> {
  const sections = new SectionedCheckpoint(checkpoint);
  const listeners = new Set<CompletionListener>();
  let jobId = 0;
  await sections.load();
  const subscribe = (listener: CompletionListener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const feed = new JobFeed({
    subscribe,
    attach: (section) => sections.attach(section),
    detach: (section) => sections.detach(section),
  });
  return {
    current: true,
    checkpoint,
    get subscribers() {
      return listeners.size;
    },
    subscribe,
    attach: (section, onDone) => feed.attach(section, onDone),
    detach: (section) => feed.detach(section),
    untilRead: () => Promise.resolve(),
    async save() {
      await feed.settled();
      await sections.save();
    },
    end(fields) {
      const { status = 0 } = fields;
      const completion: Completion = {
        jobId: ++jobId,
        parentJobId: 0,
        level: "root",
        childCount: 0,
        client: "db01",
        policy: "Gold",
        scheduleName: "Full",
        scheduleType: "FULL_BACKUP",
        action: "BACKUP",
        status,
        class: status === 0 ? "success" : status === 1 ? "partial" : "failed",
        startMs: undefined,
        endMs: 0,
        bytes: 1024,
        ...fields,
      };
      for (const listener of listeners) listener(completion);
    },
  };
}
