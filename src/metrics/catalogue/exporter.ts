/**
 * Metrics on the exporter itself: its build, its configuration, its log and its process.
 *
 * @module
 */
import { defineMetric } from "../define.ts";

export const exporterBuildInfo = defineMetric(
  "nbu_exporter_build_info",
  "gauge",
  "Version, runtime and source commit of the exporter, in the labels; the value is always 1",
  ["version", "goversion", "commit"],
);

export const exporterConfigLastReloadSuccessful = defineMetric(
  "nbu_exporter_config_last_reload_successful",
  "gauge",
  "Whether the last attempt to load the configuration succeeded (1) or failed (0)",
  [],
);

export const exporterConfigLastReloadSuccessTimestampSeconds = defineMetric(
  "nbu_exporter_config_last_reload_success_timestamp_seconds",
  "gauge",
  "Unix time at which a configuration was last loaded successfully",
  [],
);

export const exporterLogMessagesTotal = defineMetric(
  "nbu_exporter_log_messages_total",
  "counter",
  "Lines logged by the exporter, by level",
  ["level"],
);

export const exporterLogLinesDroppedTotal = defineMetric(
  "nbu_exporter_log_lines_dropped_total",
  "counter",
  "Log lines dropped because the output was too slow",
  ["sink"],
);

export const exporterUnhandledErrorsTotal = defineMetric(
  "nbu_exporter_unhandled_errors_total",
  "counter",
  "Errors that nothing in the exporter handled: faults worth a report",
  [],
);

export const exporterHttpListening = defineMetric(
  "nbu_exporter_http_listening",
  "gauge",
  "Whether the exporter accepts connections at an address (1) or not (0)",
  ["address"],
);

export const exporterHttpListenerRestartsTotal = defineMetric(
  "nbu_exporter_http_listener_restarts_total",
  "counter",
  "Listeners reopened after they stopped accepting connections",
  [],
);

export const exporterHttpConnections = defineMetric(
  "nbu_exporter_http_connections",
  "gauge",
  "Connections to the exporter that are open",
  [],
);

export const exporterHttpConnectionsClosedTotal = defineMetric(
  "nbu_exporter_http_connections_closed_total",
  "counter",
  "Connections that the exporter closed, as they were too many or took too long",
  ["reason"],
);

export const exporterHttpRequestsRefusedTotal = defineMetric(
  "nbu_exporter_http_requests_refused_total",
  "counter",
  "Requests rejected with 503 because too many responses were in flight",
  [],
);

export const exporterEventLoopDelaySeconds = defineMetric(
  "nbu_exporter_event_loop_delay_seconds",
  "gauge",
  "Longest time within the last minute by which a timer of the exporter was late",
  [],
);

export const processCpuSecondsTotal = defineMetric(
  "process_cpu_seconds_total",
  "counter",
  "Processor time in user and system mode spent by the exporter",
  [],
);

export const processResidentMemoryBytes = defineMetric(
  "process_resident_memory_bytes",
  "gauge",
  "Memory of the exporter that resides in RAM",
  [],
);

export const processHeapBytes = defineMetric(
  "process_heap_bytes",
  "gauge",
  "Size of the JavaScript heap of the exporter",
  [],
);

export const processStartTimeSeconds = defineMetric(
  "process_start_time_seconds",
  "gauge",
  "Unix time at which the exporter started",
  [],
);

export const exporterSeriesDroppedTotal = defineMetric(
  "nbu_exporter_series_dropped_total",
  "counter",
  "Series left out because the metric has more than its maxSeries, or because another series has the" +
    " same labels; counted at each collection",
  ["metric"],
);
