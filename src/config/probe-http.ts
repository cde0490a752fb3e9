// HTTP probes of a region's file → HttpProbe.

import { isFieldName, isFieldValue } from '../model/http-field.ts';
import type { HeaderWish, HttpProbe, Pattern } from '../model/region.ts';
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
  const matches = readMatches(file, at, reader);
  for (const [name, value] of Object.entries(file.headers ?? {})) {
    // A probe that cannot be sent would count as a region that is down.
    if (!isFieldName(name) || !isFieldValue(value)) refuseField([...at, 'headers', name], reader);
  }
  const answerHeaders = readWishes(file.answerHeaders, [...at, 'answerHeaders'], reader);
  if (url === null) return undefined;
  return {
    kind: 'http',
    url,
    method,
    headers: file.headers ?? {},
    statuses: file.status ?? [200],
    answerHeaders,
    contains: file.contains,
    matches,
    verify: file.verify ?? true,
  };
}

function readWishes(
  wishes: ProbeFile['answerHeaders'] = {},
  at: ConfigPath,
  reader: ValueReader,
): HeaderWish[] {
  const seen = new Set<string>();
  return Object.entries(wishes).map(([written, { contains, ...wish }]) => {
    const here = [...at, written];
    const name = written.toLowerCase();
    if (!isFieldName(name)) refuseField(here, reader);
    if (seen.has(name)) reader.refuse(here, `names ${name} twice: case does not count`);
    seen.add(name);
    if (!isFieldValue(contains ?? '')) refuseField([...here, 'contains'], reader);
    return { name, contains, matches: readMatches(wish, here, reader) };
  });
}

function readMatches(
  { matches }: { readonly matches?: string },
  at: ConfigPath,
  reader: ValueReader,
): Pattern | undefined {
  const pattern = matches === undefined ? undefined : readPattern(matches);
  if (typeof pattern !== 'string') return pattern;
  reader.refuse([...at, 'matches'], pattern);
  return undefined;
}

function refuseField(at: ConfigPath, reader: ValueReader): void {
  reader.refuse(at, 'cannot stand in an HTTP header');
}
