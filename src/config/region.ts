// The files of the regions → Region each.

import type { Fault } from '../model/fault.ts';
import type { ProbeSpec, Region, RegionId } from '../model/region.ts';
import { type ConfigPath, readDocument, type SourceFile } from './document.ts';
import { type RegionFile, regionIdPattern, regionShape } from './shape.ts';
import { ValueReader } from './values.ts';

/** Every region that has a file, also where that is faulty, so that nobody is told it is missing. */
export interface RegionBook {
  readonly regions: ReadonlyMap<RegionId, Region>;
  readonly faults: readonly Fault[];
}

export function readRegions(files: readonly SourceFile[]): RegionBook {
  const regions = new Map<RegionId, Region>();
  const faults: Fault[] = [];
  for (const file of files) {
    const id = file.path.replace(/^.*\//, '').replace(/\.yaml$/, '') as RegionId;
    const reader = new ValueReader(readDocument(file));
    if (!new RegExp(regionIdPattern).test(id)) {
      const wish = 'want lower-case letters, digits and hyphens between them, at most 40';
      reader.refuse([], `the file's name "${id}" is the region's id: ${wish}`);
    }
    regions.set(id, readRegion(id, reader));
    faults.push(...reader.faults);
  }
  return { regions, faults };
}

function readRegion(id: RegionId, reader: ValueReader): Region {
  const isReadable = reader.faults.every(({ code }) => code !== 'config.syntax');
  const { part: file, isWhole } = isReadable ? reader.part(regionShape) : unread;
  const ipv4 = reader.ips(file.ipv4, ['ipv4'], 4);
  const ipv6 = reader.ips(file.ipv6, ['ipv6'], 6);
  if (isWhole && !file.ipv4?.length && !file.ipv6?.length) {
    reader.refuse([], 'has no address to hand out: give it ipv4 or ipv6');
  }
  const host = file.nameserver;
  if (host !== undefined && !host.ipv4?.length && !host.ipv6?.length) {
    reader.refuse(['nameserver'], 'has no address: give it ipv4 or ipv6');
  }
  return {
    id,
    title: file.title ?? '',
    country: file.country ?? '',
    coordinates: { latitude: file.latitude ?? 0, longitude: file.longitude ?? 0 },
    ipv4,
    ipv6,
    weight: file.weight ?? 100,
    bias: file.bias ?? 0,
    url: file.url === undefined ? undefined : readUrl(file.url, ['url'], reader),
    probe: file.probe === undefined ? undefined : readProbe(file.probe, reader),
    nameServerAddresses: [
      ...reader.ips(host?.ipv4, ['nameserver', 'ipv4'], 4),
      ...reader.ips(host?.ipv6, ['nameserver', 'ipv6'], 6),
    ],
  };
}

const unread: { part: Partial<RegionFile>; isWhole: boolean } = { part: {}, isWhole: false };

function readUrl(text: string, at: ConfigPath, reader: ValueReader): URL | undefined {
  const url = URL.parse(text);
  if (url === null) reader.refuse(at, `got "${text}", want an http or https URL`);
  return url ?? undefined;
}

type ProbeFile = NonNullable<RegionFile['probe']>;

const httpOnly = ['method', 'headers', 'status', 'contains', 'verify'] as const;

function readProbe(file: ProbeFile, reader: ValueReader): ProbeSpec | undefined {
  const interval = reader.span(file.interval, ['probe', 'interval'], 5000, 500, 3_600_000);
  const standard = Math.min(2000, Math.floor(interval / 2));
  const timeout = reader.span(file.timeout, ['probe', 'timeout'], standard, 50, 60_000);
  if (timeout >= interval) {
    reader.refuse(
      ['probe', 'timeout'],
      'want a timeout shorter than the interval, or probes pile up',
    );
  }
  const timing = { interval, timeout, downAfter: file.downAfter ?? 3, upAfter: file.upAfter ?? 5 };
  if (file.http !== undefined && file.tcp === undefined) {
    const http = readHttpProbe(file, file.http, reader);
    return http && { kind: 'http', ...timing, ...http };
  }
  if (file.tcp === undefined || file.http !== undefined) {
    reader.refuse(['probe'], 'want exactly one of http and tcp');
    return undefined;
  }
  for (const key of httpOnly) {
    if (file[key] !== undefined) reader.refuse(['probe', key], 'means nothing for a tcp probe');
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(file.tcp);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port > 0 && port <= 65_535)) {
    reader.refuse(['probe', 'tcp'], `got "${file.tcp}", want a host and a port from 1 to 65535`);
    return undefined;
  }
  return { kind: 'tcp', ...timing, host, port };
}

function readHttpProbe(file: ProbeFile, http: string, reader: ValueReader) {
  const url = readUrl(http, ['probe', 'http'], reader);
  const method = file.method ?? 'GET';
  if (method === 'HEAD' && file.contains !== undefined) {
    reader.refuse(['probe', 'contains'], 'an answer to HEAD has no body to look in');
  }
  for (const [name, value] of Object.entries(file.headers ?? {})) {
    // RFC 9110 §5.1 and §5.5; a probe that cannot be sent would count as a region that is down.
    const isFine = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t -~\x80-\xff]*$/.test(value);
    if (!isFine) reader.refuse(['probe', 'headers', name], 'cannot stand in an HTTP header');
  }
  return (
    url && {
      url,
      method,
      headers: file.headers ?? {},
      statuses: file.status ?? [200],
      contains: file.contains,
      verify: file.verify ?? true,
    }
  );
}
