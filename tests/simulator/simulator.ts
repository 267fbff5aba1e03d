/**
 * A simulated NetBackup primary: responds as the vendor's documents say, knows the truth, and fails
 * on demand.
 *
 * @module
 */
import { createApp } from "./app.ts";
import { createControl } from "./control.ts";
import { afterResponse, beforeResponse, ConnectionDropped } from "./faults/apply.ts";
import { createFaultControl, type FaultControl } from "./faults/control.ts";
import { changeRequest } from "./faults/request.ts";
import type { JobInput } from "./jobs/injected.ts";
import type { GivenRows } from "./lists/given.ts";
import type { SimulatorOptions } from "./options.ts";
import { createParts } from "./parts.ts";
import { endpointOf } from "./protocol/endpoint.ts";
import { type ApiVersion, versionIn } from "./protocol/version.ts";
import { createRequestLog, type RequestLog } from "./request_log.ts";
import { type RunningSimulator, type StartOptions, startServer } from "./server.ts";
import type { StorageUnitInput } from "./storage/units.ts";
import { createTruth, type Truth } from "./truth.ts";

export type { FaultRule } from "./faults/types.ts";
export type { JobInput } from "./jobs/injected.ts";
export type { ListRow, PathParameters, SimulatedList } from "./lists/define.ts";
export type { GivenRows, RowInput } from "./lists/given.ts";
export { LISTS } from "./lists/registry.ts";
export type { SimulatorOptions } from "./options.ts";
export type { ApiVersion } from "./protocol/version.ts";
export type { LoggedRequest, RequestLog } from "./request_log.ts";
export type { RunningSimulator, StartOptions } from "./server.ts";
export type { StorageUnitAttributes, StorageUnitInput } from "./storage/units.ts";
export type { TrueEnd, TrueJob, Truth } from "./truth.ts";

/** A simulated NetBackup primary. */
export interface Simulator {
  /**
   * Responds to a request without a network.
   *
   * @param gone Aborted when the client no longer waits; the request's own signal unless given.
   * @throws ConnectionDropped Where a fault ends the connection without a response.
   */
  readonly fetch: (request: Request, gone?: AbortSignal) => Promise<Response>;
  readonly truth: Truth;
  readonly requests: RequestLog;
  readonly faults: Omit<FaultControl, "meet">;
  /** Speaks this version of the API from now on, as after an upgrade. */
  setApiVersion(version: ApiVersion): void;
  /** Knows this key from now on, and no other. */
  setApiKey(key: string): void;
  /** Denies the key these path templates and RBAC objects from now on. */
  setDenied(denied: readonly string[]): void;
  /** Lets the key view these RBAC objects and no others from now on; undefined lets it view all. */
  setGranted(permissions: readonly string[] | undefined): void;
  /**
   * Sets the rows of a list, or only their number; undefined goes back to the generated rows. A
   * list with parameters in its path has the same rows under each of their values.
   *
   * @param endpoint Path template: "/storage/drives".
   * @throws Error When there is no such list.
   */
  setRows(endpoint: string, rows: GivenRows | undefined): void;
  /** Sets how far the primary's clock is ahead, in milliseconds; its time must not go back. */
  setSkew(milliseconds: number): void;
  /** Has these storage units from now on. */
  setStorageUnits(units: readonly StorageUnitInput[]): void;
  /** Adds a job. @returns Its id. */
  addJob(job: JobInput): number;
  /** Changes a job; `lastUpdateTime` becomes now, unless it is given. */
  updateJob(jobId: number, changes: JobInput): void;
  removeJob(jobId: number): void;
  /** Takes all jobs away, and ends the generation of new ones. */
  clearJobs(): void;
  /** Listens on a port. */
  start(options?: StartOptions): Promise<RunningSimulator>;
}

/** Makes a simulated primary. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { seed, clock, settings, switches, jobs, storageUnits, lists, setSkew } = createParts(
    options,
  );
  const app = createApp({ settings, switches, jobs, lists });
  const requests = createRequestLog();
  const faults = createFaultControl(seed);
  let closing = new AbortController();

  const respond = async (
    request: Request,
    endpoint: string,
    gone: AbortSignal | undefined,
  ): Promise<Response> => {
    const context = {
      request,
      gone,
      clock,
      closing: closing.signal,
      version: versionIn(request.headers.get("accept") ?? "") ?? switches.apiVersion,
    };
    if (settings.latencyMs > 0) await clock.sleep(settings.latencyMs, closing.signal);
    const met = faults.meet(endpoint);
    for (const fault of met) {
      const instead = await beforeResponse(fault, context);
      if (instead) return instead;
    }
    let response = await app.fetch(changeRequest(met, request));
    for (const fault of met) response = await afterResponse(fault, response, context);
    return response;
  };

  const simulator: Simulator = {
    async fetch(request, gone) {
      const url = new URL(request.url);
      if (control && url.pathname.startsWith("/_control/")) return await control.fetch(request);
      const endpoint = endpointOf(url.pathname.slice(settings.basePath.length));
      const key = request.headers.get("authorization");
      const accept = request.headers.get("accept") ?? undefined;
      const end = requests.begin({
        timeMs: clock.now(),
        method: request.method,
        path: url.pathname,
        endpoint,
        query: Object.fromEntries(url.searchParams),
        rawQuery: url.search.slice(1),
        authorization: key === null ? "none" : key === switches.apiKey ? "valid" : "invalid",
        accept,
        acceptVersion: versionIn(accept ?? ""),
      });
      let status: number | undefined;
      try {
        const response = await respond(request, endpoint, gone);
        status = response.status;
        return response;
      } catch (error) {
        if (closing.signal.aborted) throw new ConnectionDropped("The simulated primary closed");
        throw error;
      } finally {
        end(status);
      }
    },
    truth: createTruth(
      jobs,
      (nowMs) => storageUnits.at(nowMs).map(({ attributes }) => attributes),
      lists.rows,
      settings.now,
    ),
    requests,
    faults,
    setApiVersion(version) {
      switches.apiVersion = version;
    },
    setApiKey(key) {
      switches.apiKey = key;
    },
    setDenied(denied) {
      switches.denied = new Set(denied);
    },
    setGranted(permissions) {
      switches.granted = permissions && new Set(permissions);
    },
    setRows: lists.give,
    setSkew,
    setStorageUnits: storageUnits.set,
    addJob: jobs.add,
    updateJob: jobs.update,
    removeJob: jobs.remove,
    clearJobs: jobs.clear,
    start(startOptions = {}) {
      closing = new AbortController();
      const release = () => closing.abort();
      const served = { fetch: simulator.fetch, basePath: settings.basePath, release };
      return Promise.resolve(startServer(served, startOptions));
    },
  };
  const control = options.control ? createControl(simulator) : undefined;
  return simulator;
}
