// The files of the regions → Region each.

import type { Fault } from '../model/fault.ts';
import type { Prefix } from '../model/ip.ts';
import type { Region, RegionId } from '../model/region.ts';
import { type ConfigPath, readDocument, type SourceFile } from './document.ts';
import { addFigures, readLoad } from './load.ts';
import { readProbes } from './probe.ts';
import { type RegionFile, regionShape } from './region-shape.ts';
import { regionIdPattern } from '../shape.ts';
import { ValueReader } from './values.ts';

/** Every region that has a file, also where that is faulty, so that nobody is told it is missing. */
export interface RegionBook {
  readonly regions: ReadonlyMap<RegionId, Region>;
  /** What each file says, as YAML. */
  readonly contents: ReadonlyMap<RegionId, unknown>;
  readonly faults: readonly Fault[];
}

/** `networks` are where probes may go; undefined is anywhere. */
export function readRegions(
  files: readonly SourceFile[],
  networks: readonly Prefix[] | undefined,
): RegionBook {
  const regions = new Map<RegionId, Region>();
  const contents = new Map<RegionId, unknown>();
  const faults: Fault[] = [];
  for (const file of files) {
    const id = regionIdOf(file.path);
    const read = readDocument(file);
    const reader = new ValueReader(read);
    contents.set(id, read.document.value);
    if (!new RegExp(regionIdPattern).test(id)) {
      const wish = 'want lower-case letters, digits and hyphens between them, at most 40';
      reader.refuse([], `the file's name "${id}" is the region's id: ${wish}`);
    }
    regions.set(id, readRegion(id, networks, reader));
    faults.push(...reader.faults);
  }
  return { regions, contents, faults };
}

/** A region's id is the name of its file. */
export function regionIdOf(path: string): RegionId {
  return path.replace(/^.*\//, '').replace(/\.yaml$/, '') as RegionId;
}

function readRegion(
  id: RegionId,
  networks: readonly Prefix[] | undefined,
  reader: ValueReader,
): Region {
  const isReadable = reader.faults.every(({ code }) => code !== 'config.syntax');
  const { part: file, isWhole } = isReadable ? reader.part(regionShape) : unread;
  const ipv4 = reader.ips(file.ipv4, ['ipv4'], 4);
  const ipv6 = reader.ips(file.ipv6, ['ipv6'], 6);
  if (isWhole && !file.ipv4?.length && !file.ipv6?.length && file.cname === undefined) {
    reader.refuse([], 'has no address to hand out: give it ipv4, ipv6 or cname');
  }
  const host = file.nameserver;
  if (host !== undefined && !host.ipv4?.length && !host.ipv6?.length) {
    reader.refuse(['nameserver'], 'has no address: give it ipv4 or ipv6');
  }
  const load = readLoad(file.load, reader);
  const probes = readProbes(id, file, networks, reader);
  return {
    id,
    title: file.title ?? '',
    country: file.country ?? '',
    coordinates: { latitude: file.latitude ?? 0, longitude: file.longitude ?? 0 },
    ipv4,
    ipv6,
    cname: file.cname === undefined ? undefined : reader.domain(file.cname, ['cname']),
    weight: file.weight ?? 100,
    bias: file.bias ?? 0,
    url: file.url === undefined ? undefined : readUrl(file.url, ['url'], reader),
    probes: addFigures(probes, file.load, networks, reader),
    ...(load && { load }),
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
