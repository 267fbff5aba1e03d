/**
 * A small primary for the ledger's tests: jobs with a history, some of it visible late, behind the
 * two queries of the ledger. It keeps the truth on its own, row by row.
 *
 * @module
 */
import * as v from "valibot";
import type { Clock } from "../../src/base/clock.ts";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import { createFakeClient, type FakeClient, statusError } from "../testing/fake_client.ts";

/** A row as the primary shows it from some time on. */
export interface Revision {
  readonly visibleAt: number;
  readonly jobId: number;
  readonly state: string;
  readonly status: number;
  readonly jobType: string;
  readonly policyType: string;
  readonly childCount: number;
  readonly parentJobId: number;
  readonly startTime: number;
  readonly activeTryStartTime: number;
  /** 0 while the job has not ended. */
  readonly endTime: number;
  /** The end that was told first of this completion: it may be corrected. */
  readonly firstEnd: number;
  /** 1970 is shown instead of the end. */
  readonly noEnd: boolean;
  readonly lastUpdateTime: number;
  readonly kilobytes: number;
  readonly dataKilobytes: number;
  readonly files: number;
  readonly tries: number;
  readonly rate: number;
  readonly dedupRatio: number;
  readonly reason: number;
}

const MAX_REQUESTS = 20_000;

const countRequest = v.object({
  data: v.object({ type: v.literal("jobCount"), attributes: v.object({ filter: v.string() }) }),
});

/** Jobs with all their revisions, in order. */
export class ModelPrimary {
  /** Time as it passes, milliseconds since the epoch: no clock that is set counts here. */
  trueNow: number;
  /** How far the primary's own clock is ahead of that. */
  #aheadMs = 0;
  /** What the last response told of the primary's clock, and when. */
  #date: { readonly server: number; readonly at: number } | undefined;
  pageSize = 4;
  /** How long each request takes. */
  requestMs = 200;
  rejectUpdateFilter = false;
  /** A list ends at a cursor whose row was updated or has gone. */
  fragileCursors = false;
  /** The last page of a list names a successor, too, which is empty. */
  endlessCursors = false;
  /** Every row is shown whatever the filter. */
  ignoresFilters = false;
  /** The order is NetBackup's default whatever was asked for. */
  ignoresSort = false;
  /** Rows that are not shown, for want of a permission. */
  hidden: (row: Revision) => boolean = () => false;
  /** How it answers a question for a number of jobs. */
  counting: "right" | "beyond permissions" | Error = "right";
  /** How often it was asked for a number of jobs. */
  counts = 0;
  /** Filters that are answered by 400. */
  refuses: (filter: string) => boolean = () => false;
  /** Called before each response, with the number of the request since `requests` was reset. */
  onRequest: (count: number) => void = () => {};
  /** What a request waits for. */
  pause: () => Promise<void> = () => Promise.resolve();
  requests = 0;
  inFlight = 0;
  mostInFlight = 0;
  readonly filters: string[] = [];
  /** Newest update time told in response to a question for the newest job. */
  toldNewest: number | undefined;
  /** It has been asked for the newest job. */
  probed = false;
  /** The ids told then, and those of jobs that were shown among others without being asked for. */
  readonly probedIds: number[] = [];
  /** Finished rows given out since it was cleared. */
  delivered: Revision[] = [];
  /** Those of them that were asked for by their end only. */
  readonly deliveredByEnd = new Set<Revision>();
  /** The others given out since it was cleared. */
  deliveredUnfinished: Revision[] = [];
  readonly jobs = new Map<number, Revision[]>();
  /** Jobs that were deleted. */
  readonly deleted = new Map<number, Revision[]>();
  readonly client: FakeClient = createFakeClient();
  #nextId = 100;

  constructor(start: number) {
    this.trueNow = start;
    this.client.respond = (request) => this.#respond(request);
  }

  /** The primary's own clock. Setting it lets time pass: see `setClock()`. */
  get now(): number {
    return this.trueNow + this.#aheadMs;
  }

  set now(now: number) {
    this.trueNow = now - this.#aheadMs;
  }

  /** Sets the primary's clock forward, or back. */
  setClock(byMs: number): void {
    this.#aheadMs += byMs;
  }

  /** The primary's time as the header `Date` of its last response tells it, and the time since. */
  primaryTime(): number | undefined {
    return this.#date && this.#date.server + this.trueNow - this.#date.at;
  }

  /** The exporter's clock, which is ahead by `skewMs`. */
  clock(skewMs = 0): Clock {
    return {
      now: () => this.trueNow + skewMs,
      monotonic: () => this.trueNow,
      sleep: () => Promise.resolve(),
      after: () => () => {},
    };
  }

  /** Forgets what it was asked so far. */
  reset(): void {
    this.requests = 0;
    this.mostInFlight = 0;
    this.filters.length = 0;
    this.delivered = [];
    this.deliveredUnfinished = [];
    this.probedIds.length = 0;
  }

  /** The latest revision of a job, visible or not. */
  last(jobId: number): Revision | undefined {
    return this.jobs.get(jobId)?.at(-1);
  }

  /** What the primary shows of a job. */
  shown(jobId: number, at = this.trueNow): Revision | undefined {
    return this.jobs.get(jobId)?.findLast(({ visibleAt }) => visibleAt <= at);
  }

  /** All rows the primary shows. */
  rows(at = this.trueNow): Revision[] {
    return [...this.jobs.keys()].flatMap((jobId) => this.shown(jobId, at) ?? [])
      .filter((row) => !this.hidden(row));
  }

  /** A new job, in the state QUEUED unless told otherwise. */
  birth(fields: Partial<Revision> = {}): number {
    const jobId = this.#nextId++;
    this.jobs.set(jobId, []);
    const { now } = this;
    this.#push({
      visibleAt: this.trueNow,
      jobId,
      state: "QUEUED",
      status: 0,
      jobType: "BACKUP",
      policyType: "STANDARD",
      childCount: 0,
      parentJobId: 0,
      startTime: now,
      activeTryStartTime: now,
      endTime: 0,
      firstEnd: 0,
      noEnd: false,
      lastUpdateTime: now,
      kilobytes: 0,
      dataKilobytes: 0,
      files: 0,
      tries: 1,
      rate: 0,
      dedupRatio: 0,
      reason: 0,
      ...fields,
    });
    return jobId;
  }

  /** Changes a job now; it is shown `lateMs` later. */
  change(jobId: number, fields: Partial<Revision>, lateMs = 0): void {
    const last = this.last(jobId);
    if (!last) throw new Error(`There is no job ${jobId}`);
    const visibleAt = Math.max(this.trueNow + lateMs, last.visibleAt);
    this.#push({ ...last, lastUpdateTime: this.now, ...fields, visibleAt });
  }

  /** Ends a job, at the full second as NetBackup does. */
  finish(jobId: number, fields: Partial<Revision> = {}, lateMs = 0): void {
    const endTime = Math.floor(this.now / 1000) * 1000;
    const end = fields.noEnd ? this.now : fields.endTime ?? endTime;
    this.change(jobId, { state: "DONE", ...fields, endTime: end, firstEnd: end }, lateMs);
  }

  /** Deletes a job: no list shows it any more. */
  delete(jobId: number): void {
    const revisions = this.jobs.get(jobId);
    if (!revisions) throw new Error(`There is no job ${jobId}`);
    this.jobs.delete(jobId);
    this.deleted.set(jobId, revisions);
  }

  #push(revision: Revision): void {
    this.jobs.get(revision.jobId)?.push(Object.freeze(revision));
  }

  async #respond({ query, body }: JsonRequest): Promise<unknown> {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      await this.pause();
      this.now += this.requestMs;
      // Histories are small: a reading this long would never end.
      if (this.requests >= MAX_REQUESTS) throw new Error("the reading does not end");
      this.onRequest(++this.requests);
      const page = body === undefined ? this.#page(query ?? {}) : this.#count(body);
      this.#date = { server: Math.floor(this.now / 1000) * 1000, at: this.trueNow };
      return page;
    } finally {
      this.inFlight--;
    }
  }

  #matches(filter: string, row: Revision): boolean {
    return this.ignoresFilters || matches(filter, row);
  }

  #count(body: unknown): unknown {
    this.counts++;
    if (this.counting instanceof Error) throw this.counting;
    const { data: { attributes: { filter } } } = v.parse(countRequest, body);
    const hidden = this.hidden;
    if (this.counting === "beyond permissions") this.hidden = () => false;
    const rows = this.rows();
    this.hidden = hidden;
    const count = rows.filter((row) => this.#matches(filter, row)).length;
    return { data: { type: "jobCount", id: "jobCount", attributes: { count, filter } } };
  }

  #page(query: Readonly<Record<string, string | number>>): unknown {
    const filter = String(query["filter"]);
    const sort = this.ignoresSort ? "-startTime" : String(query["sort"]);
    this.filters.push(filter);
    if (this.refuses(filter)) throw statusError(400);
    if (this.rejectUpdateFilter && filter.includes("lastUpdateTime")) throw statusError(400);
    const key = sort.replace("-", "");
    const sign = sort.startsWith("-") ? -1 : 1;
    const place = (row: Revision) =>
      sign *
      (key === "lastUpdateTime"
        ? row.lastUpdateTime
        : key === "endTime"
        ? row.endTime
        : key === "startTime"
        ? row.startTime
        : row.jobId);
    const cursor = query["page[after]"];
    const after: [number, number] = cursor ? JSON.parse(String(cursor)) : [-Infinity, 0];
    if (cursor && this.fragileCursors) {
      const row = this.shown(after[1]);
      // An updated row is sought at its new place, where the list goes on: without what lies between.
      if (!row || !this.#matches(filter, row)) return { data: [], meta: { pagination: {} } };
      after[0] = place(row);
    }
    const rows = this.rows()
      .filter((row) => this.#matches(filter, row))
      .filter((row) => place(row) > after[0] || (place(row) === after[0] && row.jobId > after[1]))
      .sort((a, b) => place(a) - place(b) || a.jobId - b.jobId);
    const page = rows.slice(0, this.pageSize);
    if (filter === "state eq 'DONE'") {
      // The first response decides where a ledger begins; it may ask again while it reads.
      if (!this.probed) this.toldNewest = page[0]?.lastUpdateTime;
      this.probed = true;
      this.probedIds.push(...page.map(({ jobId }) => jobId));
    } else {
      // What was not asked for is not taken in.
      const asked = page.filter((row) => matches(filter.split(" and ")[0] ?? "", row));
      // But it is seen, among the finished jobs.
      if (filter.startsWith("state eq 'DONE'")) {
        for (const row of page) if (!asked.includes(row)) this.probedIds.push(row.jobId);
      }
      const done = asked.filter(({ state }) => state === "DONE");
      const byEnd = filter.includes("endTime");
      for (const row of done) {
        if (!byEnd) this.deliveredByEnd.delete(row);
        else if (!this.delivered.includes(row)) this.deliveredByEnd.add(row);
      }
      this.delivered.push(...done);
      this.deliveredUnfinished.push(...asked.filter(({ state }) => state !== "DONE"));
    }
    const last = page.at(-1);
    const next = last && (rows.length > page.length || this.endlessCursors)
      ? { next: JSON.stringify([place(last), last.jobId]) }
      : {};
    return { data: page.map(toJson), meta: { pagination: { limit: 100, ...next } } };
  }
}

function matches(filter: string, row: Revision): boolean {
  if (filter.includes(" or ") || filter.startsWith("jobId eq ")) {
    return filter.split(" or ").some((part) => part === `jobId eq ${row.jobId}`);
  }
  return filter.split(" and ").every((part) => {
    const [field, operator, value = ""] = part.split(" ");
    if (field === "state") return (row.state === "DONE") === (operator === "eq");
    if (field === "jobId") {
      return operator === "ge" ? row.jobId >= Number(value) : row.jobId < Number(value);
    }
    const time = field === "endTime" ? row.endTime : row.lastUpdateTime;
    return operator === "ge" ? time >= Date.parse(value) : time < Date.parse(value);
  });
}

function toJson(row: Revision): unknown {
  const date = (ms: number) => new Date(ms).toISOString();
  return {
    type: "job",
    id: String(row.jobId),
    attributes: {
      jobId: row.jobId,
      parentJobId: row.parentJobId,
      childCount: row.childCount,
      jobType: row.jobType,
      policyType: row.policyType,
      policyName: "policy",
      clientName: "client",
      scheduleName: "Weekly",
      scheduleType: "FULL_BACKUP",
      state: row.state,
      status: row.status,
      startTime: date(row.startTime),
      activeTryStartTime: date(row.activeTryStartTime),
      endTime: date(row.noEnd ? 0 : row.endTime),
      lastUpdateTime: date(row.lastUpdateTime),
      kilobytesTransferred: row.kilobytes,
      kilobytesDataTransferred: row.dataKilobytes,
      numberOfFiles: row.files,
      transferRate: row.rate,
      dedupRatio: row.dedupRatio,
      try: row.tries,
      jobQueueReason: row.reason,
    },
  };
}
