// The push probes of a region's file.

import type { ProbeSpec, PushProbe, RegionId } from '../model/region.ts';
import { longestReport } from '../model/self-report.ts';
import type { ConfigPath } from './document.ts';
import type { ProbeFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

export function readPush(
  { push = '', lifetime, token }: ProbeFile,
  at: ConfigPath,
  region: RegionId,
  reader: ValueReader,
): PushProbe {
  const span = reader.span(lifetime, [...at, 'lifetime'], 45_000, 2000, longestReport);
  return { kind: 'push', region, name: push, lifetime: span, token };
}

/** Two probes of one name would each have a say on the other's reports. */
export function refuseNamesakes(
  list: readonly { readonly spec: ProbeSpec; readonly at: ConfigPath }[],
  reader: ValueReader,
): void {
  const names = new Set<string>();
  for (const { spec, at } of list) {
    if (spec.kind !== 'push') continue;
    if (names.has(spec.name)) reader.refuse([...at, 'push'], `names ${spec.name} twice`);
    names.add(spec.name);
  }
}
