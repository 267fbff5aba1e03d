/**
 * Families of the exporter's own port, and of what goes wrong inside it.
 *
 * @module
 */
import {
  exporterHttpConnections,
  exporterHttpConnectionsClosedTotal,
  exporterHttpListenerRestartsTotal,
  exporterHttpListening,
  exporterHttpRequestsRefusedTotal,
  exporterLogLinesDroppedTotal,
  exporterUnhandledErrorsTotal,
} from "./catalogue.ts";
import { familyBuilder, singleSample } from "./family.ts";
import type { MetricFamily } from "./types.ts";

/** Figures of the server; `ServerFigures` fits. */
export interface PortFigures {
  readonly listening: ReadonlyMap<string, boolean>;
  readonly restarts: number;
  readonly connections: number;
  readonly requestsRefused: number;
  readonly connectionsClosed: Readonly<Record<string, number>>;
}

/** What happens at the port. */
export function serverFamilies(figures: PortFigures): MetricFamily[] {
  const listening = familyBuilder(exporterHttpListening);
  for (const [address, accepts] of figures.listening) listening.set({ address }, accepts ? 1 : 0);
  const closed = familyBuilder(exporterHttpConnectionsClosedTotal);
  for (const [reason, count] of Object.entries(figures.connectionsClosed)) {
    closed.set({ reason }, count);
  }
  return [
    listening.build(),
    closed.build(),
    singleSample(exporterHttpListenerRestartsTotal, {}, figures.restarts),
    singleSample(exporterHttpConnections, {}, figures.connections),
    singleSample(exporterHttpRequestsRefusedTotal, {}, figures.requestsRefused),
  ];
}

/** What was lost or went wrong inside the exporter. */
export function faultFamilies(
  droppedLines: Readonly<Record<string, number>>,
  unhandledErrors: number,
): MetricFamily[] {
  const dropped = familyBuilder(exporterLogLinesDroppedTotal);
  for (const [sink, count] of Object.entries(droppedLines)) dropped.set({ sink }, count);
  return [dropped.build(), singleSample(exporterUnhandledErrorsTotal, {}, unhandledErrors)];
}
