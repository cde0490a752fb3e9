// Combining: makes one sample of what several probes of a region found.

import type { Sample } from '../model/health.ts';
import type { ProbeSpec, RegionProbes } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';

/**
 * Healthy when enough probes are; then as slow as the slowest healthy one, since a client needs
 * them all. Else the reason lists the probes that failed: blind where those that saw nothing could
 * turn it, final where the others could not. The certificate that ends first counts. Samples stand
 * in the order of the list.
 */
export function combineSamples({ need, list }: RegionProbes, samples: readonly Sample[]): Sample {
  const [only] = samples;
  if (only !== undefined && samples.length === 1) return only;
  const fine = samples.filter(({ isHealthy }) => isHealthy);
  const isHealthy = fine.length >= need;
  const blind = samples.filter((sample) => sample.isBlind === true).length;
  const final = samples.filter((sample) => sample.isFinal === true).length;
  const isBlind = !isHealthy && fine.length + blind >= need;
  const failed = list.flatMap((spec, i) => {
    const sample = samples[i];
    return sample === undefined || sample.isHealthy ? [] : [`${nameOf(spec)}: ${sample.reason}`];
  });
  const lives = samples.flatMap(({ expiresIn }) => expiresIn ?? []);
  const count = `${fine.length} of ${list.length} probes healthy, want ${need}`;
  return {
    isHealthy,
    latency: slowest(isHealthy ? fine : samples),
    reason: isHealthy ? '' : [count, ...failed].join('; '),
    ...(isBlind && { isBlind }),
    ...(samples.length - final < need && { isFinal: true }),
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
