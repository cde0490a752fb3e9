// Combining: makes one sample of what several probes of a region found.

import type { Sample } from '../model/health.ts';
import type { ProbeSpec, RegionProbes } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';

/**
 * Healthy when enough probes are, or enough weight; then as slow as the slowest healthy one, since a
 * client needs them all. Else the reason lists the probes that failed: blind where those that saw
 * nothing could turn it, final where the others could not. The certificate that ends first counts.
 * Samples stand in the order of the list.
 */
export function combineSamples(probes: RegionProbes, samples: readonly Sample[]): Sample {
  const [only] = samples;
  if (only !== undefined && samples.length === 1) return only;
  const { need, list, weights } = probes;
  const weigh = (isCounted: (sample: Sample) => boolean): number =>
    samples.reduce((sum, each, i) => sum + (isCounted(each) ? (weights?.[i] ?? 1) : 0), 0);
  const fine = weigh(({ isHealthy }) => isHealthy);
  const blind = weigh((sample) => sample.isBlind === true);
  const open = weigh((sample) => sample.isFinal !== true);
  const isHealthy = fine >= need;
  const isBlind = !isHealthy && fine + blind >= need;
  const failed = list.flatMap((spec, i) => {
    const sample = samples[i];
    if (sample === undefined || sample.isHealthy) return [];
    const weight = weights === undefined ? '' : ` (weight ${weights[i]})`;
    return [`${nameOf(spec)}${weight}: ${sample.reason}`];
  });
  const lives = samples.flatMap(({ expiresIn }) => expiresIn ?? []);
  const what = weights === undefined ? 'probes' : 'of the weight is';
  const count = `${fine} of ${weigh(() => true)} ${what} healthy, want ${need}`;
  return {
    isHealthy,
    latency: slowest(samples.filter((sample) => sample.isHealthy || !isHealthy)),
    reason: isHealthy ? '' : [count, ...failed].join('; '),
    ...(isBlind && { isBlind }),
    ...(open < need && { isFinal: true }),
    ...(lives.length > 0 && { expiresIn: millis(Math.min(...lives)) }),
  };
}

function slowest(samples: readonly Sample[]): Millis | undefined {
  const latencies = samples.flatMap(({ latency }) => latency ?? []);
  return latencies.length === 0 ? undefined : millis(Math.max(...latencies));
}

/** The target, as an operator would name it, without what a URL may hold of secrets. */
function nameOf(spec: ProbeSpec): string {
  if (spec.kind === 'http') return `${spec.url.origin}${spec.url.pathname}`;
  return spec.kind === 'push' ? `push ${spec.name}` : `${spec.kind} ${spec.host}:${spec.port}`;
}
