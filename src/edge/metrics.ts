// Metrics: readings taken at each scrape, in Prometheus's text format.

import { Counter, Gauge, Registry } from '@prometheus-io/client';
import { families } from './metric-families.ts';
import type { Family } from './metric-family.ts';
import type { MetricReadings } from './metric-readings.ts';

export interface Metrics {
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createMetrics(readings: MetricReadings): Metrics {
  const registry = new Registry();
  for (const family of families) register(family, readings, registry);
  return {
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

/** Nothing is kept between scrapes: a region that left the configuration leaves no sample behind. */
function register(family: Family, readings: MetricReadings, registry: Registry): void {
  const { name, help, labels: labelNames } = family;
  const options = { name, help, labelNames, registers: [registry] };
  if (family.type === 'counter') {
    const counter: Counter<string> = new Counter({
      ...options,
      collect() {
        clear(counter, labelNames);
        for (const [labels, value] of family.read(readings)) counter.inc(labels, value);
      },
    });
    return;
  }
  const gauge: Gauge<string> = new Gauge({
    ...options,
    collect() {
      clear(gauge, labelNames);
      for (const [labels, value] of family.read(readings)) gauge.set(labels, value);
    },
  });
}

/** The library gives a metric without labels the value 0, also where there is nothing to say. */
function clear(metric: Counter<string> | Gauge<string>, labelNames: readonly string[]): void {
  metric.reset();
  if (labelNames.length === 0) metric.remove({});
}
