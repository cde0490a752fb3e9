// HTTP probes of a region's file → HttpProbe.

import type { HttpProbe } from '../model/region.ts';
import type { ConfigPath } from './document.ts';
import { readPattern } from './pattern.ts';
import type { ProbeFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

export function readHttp(
  file: ProbeFile,
  at: ConfigPath,
  reader: ValueReader,
): Omit<HttpProbe, 'timeout'> | undefined {
  const url = URL.parse(file.http ?? '');
  if (url === null) {
    reader.refuse([...at, 'http'], `got "${file.http}", want an http or https URL`);
  }
  const method = file.method ?? 'GET';
  for (const key of ['contains', 'matches'] as const) {
    if (method !== 'HEAD' || file[key] === undefined) continue;
    reader.refuse([...at, key], 'an answer to HEAD has no body to look in');
  }
  const matches = file.matches === undefined ? undefined : readPattern(file.matches);
  if (typeof matches === 'string') reader.refuse([...at, 'matches'], matches);
  for (const [name, value] of Object.entries(file.headers ?? {})) {
    // RFC 9110 §5.1 and §5.5; a probe that cannot be sent would count as a region that is down.
    const isFine = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t -~\x80-\xff]*$/.test(value);
    if (!isFine) reader.refuse([...at, 'headers', name], 'cannot stand in an HTTP header');
  }
  if (url === null || typeof matches === 'string') return undefined;
  return {
    kind: 'http',
    url,
    method,
    headers: file.headers ?? {},
    statuses: file.status ?? [200],
    contains: file.contains,
    matches,
    verify: file.verify ?? true,
  };
}
