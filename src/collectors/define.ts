/**
 * How a collector is declared: one value says all there is to say about it, and everything else is
 * derived from it.
 *
 * @module
 */
import * as v from "valibot";
import type { TreeMap } from "../config/tree.ts";
import type { ServerConfig } from "../config/types.ts";
import { parseDuration } from "../config/schema/duration.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Query } from "../netbackup/api.ts";
import {
  type Endpoint,
  EndpointUnsupportedError,
  firstRows,
  isKnownAsUnsupported,
  type ListResource,
} from "../netbackup/resource.ts";
import { UnexpectedBodyError } from "../netbackup/errors.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { CollectContext, CollectorDefinition, CollectorResult } from "./collector.ts";
import { createCounterTotals } from "./counter_totals.ts";
import { type LabelsOf, type MetricSet, openSeries, type SeriesOf } from "./fill_series.ts";
import { type Primary, primaryOf } from "./primary.ts";

/** Lists by the names under which the collector reads them. */
export type ResourceSet = Readonly<Record<string, Endpoint>>;

/** The values of a collector's own keys in the configuration. */
export type OptionsOf<O extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<O, undefined>>;

/** What any run works with. */
export interface BareRun<M extends MetricSet, O extends v.ObjectEntries> {
  readonly options: OptionsOf<O>;
  readonly metrics: SeriesOf<M>;
  /** Wall clock time at the begin of the run, in milliseconds since the Unix epoch. */
  readonly now: number;
  readonly primary: Primary;
  readonly logger: Logger;
  /**
   * Reads all rows of a list.
   *
   * @throws EndpointUnsupportedError When the release has no such list: thrown on, the run ends as
   *   unsupported, which is no failure.
   * @throws NetBackupError Anything else ends the run as failed.
   */
  read<R>(resource: ListResource<R>, query?: Query): Promise<readonly R[]>;
  /**
   * The same for a list that some releases lack; undefined where this one does, and where what the path
   * names is not there.
   */
  readIfSupported<R>(resource: ListResource<R>, query?: Query): Promise<readonly R[] | undefined>;
  /**
   * Asks how many rows a list has, with one request that reads one of them.
   *
   * @throws UnexpectedBodyError When NetBackup does not say.
   * @throws NetBackupError As `read()` does.
   */
  count<R>(resource: ListResource<R>, query?: Query): Promise<number>;
}

/** What one run of a declared collector works with. */
export interface Run<M extends MetricSet, O extends v.ObjectEntries, S> extends BareRun<M, O> {
  /** What the collector remembers of this site, see `CollectorDeclaration.memory`. */
  readonly memory: S;
}

/** The declaration of a collector. */
export interface CollectorDeclaration<M extends MetricSet, O extends v.ObjectEntries, S> {
  /** Key of its section in the configuration, and value of the label `collector`. */
  readonly name: string;
  /** What it collects, as one sentence. */
  readonly summary: string;
  /** @default {false} */
  readonly enabledByDefault?: boolean;
  /** See `CollectorDefinition.main`. @default {false} */
  readonly main?: boolean;
  /** How often it runs: a Go duration, or derived from the configuration, in milliseconds. */
  readonly interval: string | ((server: ServerConfig) => number);
  readonly resources: ResourceSet;
  /**
   * What its labels mean, as the reference has it: those that no other collector has. The others are
   * in `scripts/docs/label_meanings.ts`.
   */
  readonly labels?: { readonly [L in LabelsOf<M>]?: string };
  readonly metrics: M;
  /** Schemas of its own keys in the configuration, see `config/leaves.ts`. */
  readonly options?: O;
  /**
   * Makes what the collector of one site remembers from run to run. A run changes it only when all
   * has been read: one that fails is done again.
   */
  readonly memory?: () => S;
  /** Reads what it needs and fills the metrics. What it throws ends the run. */
  collect(run: Run<M, O, S>): Promise<void>;
}

/** As often as the site is polled. */
export function everyPoll({ collectionIntervalMs }: ServerConfig): number {
  return collectionIntervalMs;
}

/** What is declared of a collector beside how it collects. */
export type CollectorHead<M extends MetricSet, O extends v.ObjectEntries> = Omit<
  CollectorDeclaration<M, O, undefined>,
  "collect" | "memory"
>;

/**
 * Makes the definition of a declared collector.
 *
 * @example
 * ```ts
 * import { gauge } from "../metrics/define.ts";
 * import { text } from "../netbackup/fields.ts";
 * import { listResource } from "../netbackup/resource.ts";
 * import { row } from "../netbackup/row.ts";
 *
 * const trustList = listResource({
 *   endpoint: "/config/servers/trusted-master-servers",
 *   permission: "|MANAGE|SERVERS|TRUSTED-MASTER-SERVERS|",
 *   since: "10.0",
 *   paging: "none",
 *   row: row({ trustedMasterServerName: text("UNKNOWN") }),
 *   key: ({ id }) => id,
 * });
 *
 * const trusts = defineCollector({
 *   name: "trusts",
 *   summary: "Primaries that are trusted.",
 *   interval: "1h",
 *   resources: { trustList },
 *   labels: { peer: "Name of the trusted primary" },
 *   metrics: { trusted: gauge("nbu_trusted_primary", "Always 1", ["peer"]) },
 *   async collect({ read, metrics }) {
 *     for (const { trustedMasterServerName: peer } of await read(trustList)) {
 *       metrics.trusted.set({ peer }, 1);
 *     }
 *   },
 * });
 * ```
 */
export function defineCollector<
  const M extends MetricSet,
  const O extends v.ObjectEntries = Record<never, never>,
  S = undefined,
>(declaration: CollectorDeclaration<M, O, S>): CollectorDefinition {
  const { name, metrics } = declaration;
  const parse = optionsParser(declaration.options);
  // Nor is there a memory without a declaration of one, which is what `S` is then.
  const remember = declaration.memory ?? (() => undefined as S);
  return Object.freeze<CollectorDefinition>({
    ...definitionOf(declaration),
    create: (setting) => {
      const options = parse(setting.options);
      const memory = remember();
      const totals = createCounterTotals();
      return {
        name,
        async collect(context) {
          const result = await runDeclared<M, O>(
            metrics,
            options,
            context,
            (run) => declaration.collect({ ...run, memory }),
          );
          return { ...result, cumulative: totals.add(result.cumulative) };
        },
      };
    },
  });
}

/** What a declaration says of a collector, with what it leaves out. */
export function definitionOf<M extends MetricSet, O extends v.ObjectEntries>(
  {
    name,
    summary,
    enabledByDefault = false,
    main = false,
    interval,
    resources,
    metrics,
    options,
    labels = {},
  }: CollectorHead<M, O>,
): Omit<CollectorDefinition, "create"> {
  return {
    name,
    summary,
    enabledByDefault,
    main,
    resources: Object.values(resources),
    labels,
    metrics: Object.values(metrics),
    options: options ?? {},
    interval: typeof interval === "string" ? () => parseDuration(interval) : interval,
  };
}

/** Makes the parser of a collector's own keys in the configuration. It throws what does not fit. */
export function optionsParser<O extends v.ObjectEntries>(
  options: O | undefined,
): (tree: TreeMap) => OptionsOf<O> {
  // Without a declaration of options there are none, which is what `O` is then.
  const schema = v.object(options ?? {} as O);
  return (tree) => v.parse(schema, tree);
}

/**
 * Runs a declared collector once.
 *
 * @param collect Reads what it needs and fills the metrics.
 * @throws What `collect` throws.
 */
export async function runDeclared<M extends MetricSet, O extends v.ObjectEntries>(
  metrics: M,
  options: OptionsOf<O>,
  context: CollectContext,
  collect: (run: BareRun<M, O>) => Promise<void>,
): Promise<CollectorResult> {
  const { site, lists, clock, logger } = context;
  const series = openSeries(site, metrics);
  let rowCount = 0;
  let asked = false;
  const readList = async <R>(resource: ListResource<R>, query: Query = {}) => {
    try {
      const list = await lists.read(resource, query);
      asked = true;
      rowCount += list.rows.length;
      return list;
    } catch (error) {
      asked ||= !isKnownAsUnsupported(error);
      throw error;
    }
  };
  const read: BareRun<M, O>["read"] = async (resource, query) =>
    (await readList(resource, query)).rows;
  await collect({
    options,
    metrics: series.handles,
    now: clock.now(),
    primary: primaryOf(context),
    logger,
    read,
    async count(resource, query) {
      const { rows, total } = await readList(firstRows(resource, 1), query);
      if (total !== undefined || rows.length === 0) return total ?? 0;
      throw new UnexpectedBodyError({ site, endpoint: resource.endpoint }, "rows without a count");
    },
    async readIfSupported(resource, query) {
      try {
        return await read(resource, query);
      } catch (error) {
        if (error instanceof EndpointUnsupportedError) return undefined;
        throw error;
      }
    },
  });
  const families = series.build();
  const isGauge = ({ definition }: MetricFamily) => definition.type === "gauge";
  return {
    families: families.filter(isGauge),
    cumulative: families.filter((family) => !isGauge(family)),
    rows: rowCount,
    repeated: series.repeated,
    asked,
  };
}
