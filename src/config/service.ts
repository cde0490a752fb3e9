// Services of a zone: steered names with their regions, policy and TTLs.

import { type RecordType, recordTypes } from '../model/message.ts';
import { parseName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import type { Binding, Service } from '../model/settings.ts';
import { parseRdata } from '../wire/rdata.ts';
import type { ConfigPath } from './document.ts';
import { readOwnName, type Territory } from './territory.ts';
import { type NamedPolicy, readPolicy, standardPolicy } from './policy.ts';
import type { RegionBook } from './region.ts';
import { type ServiceFile, serviceShape } from './shape.ts';

export interface PlacedService {
  readonly service: Service;
  readonly at: ConfigPath;
}

/** What a service may name. */
export interface Choices {
  readonly book: RegionBook;
  readonly policies: ReadonlyMap<string, NamedPolicy>;
}

/** What its zone says of a service that does not say otherwise. */
export interface ZoneWide {
  readonly usesSubnet: boolean;
}

export function readServices(
  blocks: readonly unknown[],
  at: ConfigPath,
  own: Territory,
  choices: Choices & ZoneWide,
): PlacedService[] {
  return blocks.flatMap((block, i) => {
    const service = readService(block, [...at, i], own, choices);
    return service === undefined ? [] : [{ service, at: [...at, i] }];
  });
}

function readService(
  raw: unknown,
  at: ConfigPath,
  own: Territory,
  { book, policies, usesSubnet }: Choices & ZoneWide,
): Service | undefined {
  const { reader } = own;
  const { part: file } = reader.part(serviceShape, raw, at);
  const { regions, ttl } = file;
  for (const [i, id] of (regions ?? []).entries()) {
    if (book.regions.has(id as RegionId)) continue;
    reader.refuse([...at, 'regions', i], `there is no file regions/${id}.yaml`, 'config.reference');
  }
  reader.refuseRepeats(regions ?? [], [...at, 'regions']);
  // Without the service's regions nobody can tell what its policy may name.
  const policy = file.policy === undefined ? standardPolicy : file.policy;
  const steps =
    regions === undefined
      ? []
      : readPolicy(policy, [...at, 'policy'], regions as RegionId[], policies, reader);
  const stable = reader.ttl(ttl?.stable, [...at, 'ttl', 'stable'], 30, 1);
  const short = reader.ttl(ttl?.short, [...at, 'ttl', 'short'], Math.min(10, stable), 1);
  if (short > stable) {
    reader.refuse([...at, 'ttl', 'short'], `is ${short}s, which is above the stable ${stable}s`);
  }
  const bindings = [
    ...readBindings(recordTypes.HTTPS, file.https, [...at, 'https'], own),
    ...readBindings(recordTypes.SVCB, file.svcb, [...at, 'svcb'], own),
  ];
  const answers = file.answers ?? 'address';
  if (answers === 'cname') refuseAlone(file, at, own, book);
  else refuseWithoutAddress(regions ?? [], [...at, 'regions'], own, book);
  const name = file.name === undefined ? undefined : readOwnName(file.name, [...at, 'name'], own);
  if (name === undefined || regions === undefined) return undefined;
  return {
    name,
    zone: own.apex,
    regions: regions as RegionId[],
    policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
    steps,
    ttl: { stable, short },
    usesSubnet: file.clientSubnet ?? usesSubnet,
    answers,
    bindings,
    affinity: reader.ttl(file.affinity, [...at, 'affinity'], 0),
  };
}

/** RFC 9460 §7.3: hints repeat the addresses, and those are chosen for each client. */
function readBindings(
  type: RecordType,
  texts: readonly string[] = [],
  at: ConfigPath,
  { apex, reader }: Territory,
): Binding[] {
  return texts.flatMap((written, i) => {
    const data = parseRdata(type, written, apex);
    if (typeof data === 'string') reader.refuse([...at, i], data);
    else if (/ ipv[46]hint=/.test(data.text)) {
      reader.refuse([...at, i], 'leave ipv4hint and ipv6hint out: they follow the chosen regions');
    } else return { type, text: data.text };
    return [];
  });
}

/** What a service that answers with a CNAME cannot be without, and what it cannot have. */
function refuseAlone(
  file: Partial<ServiceFile>,
  at: ConfigPath,
  { apex, reader }: Territory,
  book: RegionBook,
): void {
  // RFC 1034 §3.6.2: a CNAME stands alone, and the apex has SOA and NS.
  if (file.name !== undefined && parseName(file.name, apex) === apex) {
    reader.refuse([...at, 'answers'], 'a CNAME cannot stand at the apex: answer with addresses');
  }
  for (const key of ['https', 'svcb'] as const) {
    if (file[key] !== undefined) reader.refuse([...at, key], 'nothing stands beside a CNAME');
  }
  for (const [i, id] of (file.regions ?? []).entries()) {
    const region = book.regions.get(id as RegionId);
    if (region === undefined || region.cname !== undefined) continue;
    reader.refuse([...at, 'regions', i], `regions/${id}.yaml has no cname to answer with`);
  }
}

function refuseWithoutAddress(
  regions: readonly string[],
  at: ConfigPath,
  { reader }: Territory,
  book: RegionBook,
): void {
  for (const [i, id] of regions.entries()) {
    const region = book.regions.get(id as RegionId);
    if (region === undefined || region.cname === undefined) continue;
    if (region.ipv4.length + region.ipv6.length > 0) continue;
    reader.refuse([...at, i], `regions/${id}.yaml has a cname but no address to answer with`);
  }
}
