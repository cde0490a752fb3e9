// The probes of a region's file → RegionProbes.

import { formatIp, isWithin, parseIp, type Prefix } from '../model/ip.ts';
import { parseType, recordTypes } from '../model/message.ts';
import { formatName, rootName } from '../model/name.ts';
import {
  type DnsProbe,
  type NetworkProbe,
  type ProbeSpec,
  probedHost,
  type RegionId,
  type RegionProbes,
  type TlsProbe,
} from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import { parseRdata } from '../wire/rdata.ts';
import type { ConfigPath } from './document.ts';
import { readHttp } from './probe-http.ts';
import { readPush, refuseNamesakes } from './probe-push.ts';
import type { ProbeFile, RegionFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

/**
 * Undefined where a region has no probe, or none that can be read. An address outside the networks
 * is refused; where a name leads is seen when it is probed.
 */
export function readProbes(
  region: RegionId,
  { probe, probes }: Partial<RegionFile>,
  networks: readonly Prefix[] | undefined,
  reader: ValueReader,
): RegionProbes | undefined {
  if (probe !== undefined && probes !== undefined) {
    reader.refuse(['probes'], 'stands beside probe: give one of them');
  }
  const file = probes ?? (probe && { ...probe, list: [probe] });
  if (file === undefined) return undefined;
  const at = [probes === undefined ? 'probe' : 'probes'];
  const interval = reader.span(file.interval, [...at, 'interval'], 5000, 500, 3_600_000);
  const placed = file.list.flatMap((entry, i) => {
    const here = probes === undefined ? at : [...at, 'list', i];
    const spec = readProbe(entry, here, { region, interval }, reader);
    if (spec !== undefined) refuseOutside(spec, networks, [...here, spec.kind], reader);
    return spec === undefined ? [] : { spec, at: here };
  });
  refuseNamesakes(placed, reader);
  const list = placed.map(({ spec }) => spec);
  return {
    interval,
    downAfter: file.downAfter ?? 3,
    upAfter: file.upAfter ?? 5,
    holdDown: reader.span(file.holdDown, [...at, 'holdDown'], 60_000, 0, 3_600_000),
    // With a longer one, three flaps would no longer come to the cut-off within the longest wait.
    flapHalfLife: reader.span(file.flapHalfLife, [...at, 'flapHalfLife'], 600_000, 0, 1_800_000),
    ...readNeed(probes ?? file, at, reader),
    list,
  };
}

/** What must succeed: so many of the list, or so much of their weight where it is a share. */
function readNeed(
  { require = 'all', list }: Pick<ProbesFile, 'require' | 'list'>,
  at: ConfigPath,
  reader: ValueReader,
): Pick<RegionProbes, 'need' | 'weights'> {
  const percent = typeof require === 'string' ? Number.parseInt(require, 10) : Number.NaN;
  if (percent > 0) {
    const weights = list.map(({ weight = 1 }) => weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { need: (total * percent) / 100, weights };
  }
  for (const [i, { weight }] of list.entries()) {
    if (weight === undefined) continue;
    const words = 'means nothing unless require is a share of the weight, such as "50%"';
    reader.refuse([...at, 'list', i, 'weight'], words);
  }
  if (typeof require !== 'number') return { need: require === 'all' ? list.length : 1 };
  if (require > list.length) {
    reader.refuse([...at, 'require'], `wants ${require} probes healthy, but lists ${list.length}`);
  }
  return { need: require };
}

export function refuseOutside(
  spec: ProbeSpec,
  networks: readonly Prefix[] | undefined,
  at: ConfigPath,
  reader: ValueReader,
): void {
  const ip = spec.kind === 'push' ? undefined : parseIp(probedHost(spec));
  if (ip === undefined || networks === undefined) return;
  if (networks.some((network) => isWithin(ip, network))) return;
  reader.refuse(at, `${formatIp(ip)} lies outside health.probeNetworks`);
}

type ProbesFile = NonNullable<RegionFile['probes']>;

const kinds = ['http', 'tcp', 'tls', 'dns', 'push'] as const satisfies readonly ProbeSpec['kind'][];

/** Settings that mean something for some kinds only, with those kinds. */
const meaning = {
  timeout: ['http', 'tcp', 'tls', 'dns'],
  method: ['http'],
  headers: ['http'],
  status: ['http'],
  answerHeaders: ['http'],
  contains: ['http'],
  matches: ['http'],
  verify: ['http', 'tls'],
  serverName: ['tls'],
  name: ['dns'],
  type: ['dns'],
  data: ['dns'],
  lifetime: ['push'],
  token: ['push'],
} as const satisfies Partial<Record<keyof ProbeFile, readonly ProbeSpec['kind'][]>>;

function readProbe(
  file: ProbeFile,
  at: ConfigPath,
  { region, interval }: { readonly region: RegionId; readonly interval: Millis },
  reader: ValueReader,
): ProbeSpec | undefined {
  const standard = Math.min(2000, Math.floor(interval / 2));
  const timeout = reader.span(file.timeout, [...at, 'timeout'], standard, 50, 60_000);
  if (timeout >= interval) {
    const words = 'want a timeout shorter than the interval, or probes pile up';
    reader.refuse([...at, 'timeout'], words);
  }
  const [kind, ...others] = kinds.filter((each) => file[each] !== undefined);
  if (kind === undefined || others.length > 0) {
    reader.refuse(at, `want exactly one of ${kinds.join(', ')}`);
    return undefined;
  }
  for (const [key, own] of Object.entries(meaning) as [keyof typeof meaning, readonly string[]][]) {
    if (file[key] === undefined || own.includes(kind)) continue;
    reader.refuse([...at, key], `means nothing for a ${kind} probe`);
  }
  if (kind === 'push') return readPush(file, at, region, reader);
  const target = readers[kind](file, at, reader);
  return target && { ...target, timeout };
}

/** What a kind of probe asks, without how long it may take. */
type Target<Spec = NetworkProbe> = Spec extends NetworkProbe ? Omit<Spec, 'timeout'> : never;

type ReadTarget = (file: ProbeFile, at: ConfigPath, reader: ValueReader) => Target | undefined;

const readers: Readonly<Record<NetworkProbe['kind'], ReadTarget>> = {
  http: readHttp,
  tls: readTls,
  dns: readDns,
  tcp: (file, at, reader) => {
    const end = readEnd(file.tcp ?? '', [...at, 'tcp'], reader);
    return end && { kind: 'tcp', ...end };
  },
};

/** A host, which may be a name, and a port. */
function readEnd(
  text: string,
  at: ConfigPath,
  reader: ValueReader,
): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port > 0 && port <= 65_535) return { host, port };
  reader.refuse(at, `got "${text}", want a host and a port from 1 to 65535`);
  return undefined;
}

function readTls(
  file: ProbeFile,
  at: ConfigPath,
  reader: ValueReader,
): Target<TlsProbe> | undefined {
  const end = readEnd(file.tls ?? '', [...at, 'tls'], reader);
  const { serverName, verify = true } = file;
  if (serverName !== undefined) {
    const here = [...at, 'serverName'];
    if (parseIp(serverName) === undefined) reader.domain(serverName, here);
    else reader.refuse(here, 'is an address, which is no server name (RFC 6066 §3)');
  }
  return end && { kind: 'tls', ...end, serverName, verify };
}

function readDns(
  file: ProbeFile,
  at: ConfigPath,
  reader: ValueReader,
): Target<DnsProbe> | undefined {
  const end = readEnd(file.dns ?? '', [...at, 'dns'], reader);
  const name = file.name === undefined ? undefined : reader.domain(file.name, [...at, 'name']);
  if (file.name === undefined) reader.refuse([...at, 'name'], 'is missing, want a domain name');
  if (name !== undefined && formatName(name).includes('\\')) {
    reader.refuse([...at, 'name'], 'has an octet that a probe cannot ask for');
  }
  const type = parseType(file.type ?? 'A') ?? recordTypes.A;
  const data = file.data === undefined ? undefined : parseRdata(type, file.data, rootName);
  if (typeof data === 'string') reader.refuse([...at, 'data'], data);
  if (end === undefined || name === undefined || typeof data === 'string') return undefined;
  return { kind: 'dns', ...end, name, type, data: data?.text };
}
