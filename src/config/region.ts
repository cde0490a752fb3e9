// A region's file → Region.

import type { ProbeSpec, Region, RegionId } from '../model/region.ts';
import type { ConfigDocument } from './document.ts';
import type { RegionFile } from './shape.ts';
import { type ConfigPath, ValueReader } from './values.ts';
import type { Fault } from '../model/fault.ts';

export function readRegion(
  id: RegionId,
  file: RegionFile,
  document: ConfigDocument,
): { region: Region; faults: Fault[] } {
  const reader = new ValueReader(document);
  const ipv4 = reader.ips(file.ipv4, ['ipv4'], 4);
  const ipv6 = reader.ips(file.ipv6, ['ipv6'], 6);
  if (ipv4.length + ipv6.length === 0 && reader.faults.length === 0) {
    reader.refuse([], 'has no address to hand out: give it ipv4 or ipv6');
  }
  const hasNoHost =
    file.nameserver && !file.nameserver.ipv4?.length && !file.nameserver.ipv6?.length;
  if (hasNoHost === true) reader.refuse(['nameserver'], 'has no address: give it ipv4 or ipv6');
  const region: Region = {
    id,
    title: file.title,
    country: file.country,
    coordinates: { latitude: file.latitude, longitude: file.longitude },
    ipv4,
    ipv6,
    weight: file.weight ?? 100,
    bias: file.bias ?? 0,
    url: file.url === undefined ? undefined : readUrl(file.url, ['url'], reader),
    probe: file.probe === undefined ? undefined : readProbe(file.probe, reader),
    nameServerAddresses: [
      ...reader.ips(file.nameserver?.ipv4, ['nameserver', 'ipv4'], 4),
      ...reader.ips(file.nameserver?.ipv6, ['nameserver', 'ipv6'], 6),
    ],
  };
  return { region, faults: reader.faults };
}

function readUrl(text: string, at: ConfigPath, reader: ValueReader): URL | undefined {
  const url = URL.parse(text);
  if (url === null) reader.refuse(at, `got "${text}", want an http or https URL`);
  return url ?? undefined;
}

const httpOnly = ['method', 'headers', 'status', 'contains', 'verify'] as const;

function readProbe(
  file: NonNullable<RegionFile['probe']>,
  reader: ValueReader,
): ProbeSpec | undefined {
  const interval = reader.span(file.interval, ['probe', 'interval'], 5000, 500, 3_600_000);
  const timeout = reader.span(
    file.timeout,
    ['probe', 'timeout'],
    Math.min(2000, interval / 2),
    50,
    60_000,
  );
  if (timeout >= interval) {
    reader.refuse(
      ['probe', 'timeout'],
      'want a timeout shorter than the interval, or probes pile up',
    );
  }
  const timing = { interval, timeout, downAfter: file.downAfter ?? 3, upAfter: file.upAfter ?? 5 };
  if (file.http !== undefined && file.tcp === undefined) {
    const url = readUrl(file.http, ['probe', 'http'], reader);
    if (file.method === 'HEAD' && file.contains !== undefined) {
      reader.refuse(['probe', 'contains'], 'an answer to HEAD has no body to look in');
    }
    if (url === undefined) return undefined;
    return {
      kind: 'http',
      ...timing,
      url,
      method: file.method ?? 'GET',
      headers: file.headers ?? {},
      statuses: file.status ?? [200],
      contains: file.contains,
      verify: file.verify ?? true,
    };
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
