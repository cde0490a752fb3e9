// The whole configuration: files and environment in, Settings or every fault out.

import type { Checked, Fault } from '../model/fault.ts';
import type { DomainName } from '../model/name.ts';
import { formatName } from '../model/name.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Endpoint, Service, Settings, Zone } from '../model/settings.ts';
import { type ConfigDocument, checkShape, readDocument, type SourceFile } from './document.ts';
import { readRegion } from './region.ts';
import { type MainFile, mainShape, regionShape } from './shape.ts';
import { parseEndpoint, ValueReader } from './values.ts';
import { readZone } from './zone.ts';

/** Everything that was read, before anything is believed. */
export interface ConfigFiles {
  readonly main: SourceFile;
  /** Files of the regions folder; the name without `.yaml` is the region's id. */
  readonly regions: readonly SourceFile[];
  /** SHA-256 over all of them. */
  readonly digest: string;
  /** When the newest of them was changed, in Unix milliseconds: the SOA serial where none is given. */
  readonly modifiedAt: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Pure: the same files and environment always give the same settings or the same faults. */
export function checkConfig(files: ConfigFiles, env: Environment): Checked<Settings> {
  const faults: Fault[] = [];
  const regions = readRegions(files.regions, faults);
  const { document, faults: syntax } = readDocument(files.main);
  faults.push(...syntax);
  if (syntax.length > 0) return { ok: false, faults };
  const checked = checkShape(document, mainShape);
  faults.push(...checked.faults);
  if (checked.value === undefined) return { ok: false, faults };
  const settings = readMain(checked.value, document, regions, files, env, faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: settings };
}

function readRegions(files: readonly SourceFile[], faults: Fault[]): Map<RegionId, Region> {
  const regions = new Map<RegionId, Region>();
  for (const file of files) {
    const id = file.path.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
    const { document, faults: syntax } = readDocument(file);
    faults.push(...syntax);
    if (syntax.length > 0) continue;
    if (!/^(?=.{1,40}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(id)) {
      faults.push(
        document.fault(
          'config.value',
          [],
          `the file's name "${id}" is the region's id: want lower-case letters, digits and hyphens, at most 40`,
        ),
      );
    }
    const checked = checkShape(document, regionShape);
    faults.push(...checked.faults);
    if (checked.value === undefined) continue;
    const read = readRegion(id as RegionId, checked.value, document);
    faults.push(...read.faults);
    regions.set(read.region.id, read.region);
  }
  return regions;
}

function readMain(
  file: MainFile,
  document: ConfigDocument,
  regions: ReadonlyMap<RegionId, Region>,
  files: ConfigFiles,
  env: Environment,
  faults: Fault[],
): Settings {
  const reader = new ValueReader(document);
  const zones: Zone[] = [];
  const services = new Map<DomainName, Service>();
  for (const [i, block] of file.zones.entries()) {
    const read = readZone(block, ['zones', i], regions, document, files.modifiedAt);
    faults.push(...read.faults);
    if (read.zone !== undefined) {
      if (zones.some((zone) => zone.apex === read.zone?.apex)) {
        reader.refuse(
          ['zones', i, 'name'],
          `the zone ${formatName(read.zone.apex)} is listed twice`,
        );
      }
      zones.push(read.zone);
    }
    for (const service of read.services) services.set(service.name, service);
  }
  const boards = splitList(env['MERIDIAN_REDIS']) ?? file.gossip?.boards ?? [];
  const settings: Settings = {
    director: file.director,
    listen: {
      dns: readListen(file, env, reader),
      http: readHttpListen(file, env, reader),
    },
    zones,
    services,
    regions,
    health: {
      observers: readObservers(file, boards, reader),
      voteLifetime: reader.span(
        file.health?.voteLifetime,
        ['health', 'voteLifetime'],
        17_000,
        2000,
        600_000,
      ),
      settle: reader.span(file.health?.settle, ['health', 'settle'], 600_000, 0, 86_400_000),
    },
    gossip: {
      boards,
      secrets: splitList(env['MERIDIAN_SECRETS']) ?? file.gossip?.secrets ?? [],
      postEvery: reader.span(file.gossip?.postEvery, ['gossip', 'postEvery'], 2000, 200, 60_000),
      readEvery: reader.span(file.gossip?.readEvery, ['gossip', 'readEvery'], 1000, 100, 60_000),
    },
    geo: { mmdb: file.geo?.mmdb },
    http: {
      trustedProxies: reader.prefixes(file.http?.trustedProxies, ['http', 'trustedProxies']),
      tokens: file.http?.tokens ?? [],
      requestsPerSecond: file.http?.requestsPerSecond ?? 50,
    },
    log: {
      level: file.log?.level ?? 'info',
      sampleQueries: file.log?.sampleQueries ?? 0,
    },
    stateDir: file.state,
    digest: files.digest,
  };
  refuseUnsignedGossip(settings, reader);
  faults.push(...reader.faults);
  return settings;
}

function readListen(file: MainFile, env: Environment, reader: ValueReader): Endpoint[] {
  const named = splitList(env['MERIDIAN_DNS']);
  if (named !== undefined)
    return named.map((text) => readNamedEndpoint('MERIDIAN_DNS', text, reader));
  const texts = file.listen?.dns ?? ['127.0.0.1:5300'];
  return texts.map((text, i) => reader.endpoint(text, ['listen', 'dns', i]));
}

function readHttpListen(file: MainFile, env: Environment, reader: ValueReader): Endpoint {
  const named = env['MERIDIAN_HTTP'];
  if (named !== undefined && named !== '') return readNamedEndpoint('MERIDIAN_HTTP', named, reader);
  return reader.endpoint(file.listen?.http ?? '127.0.0.1:8053', ['listen', 'http']);
}

function readNamedEndpoint(variable: string, text: string, reader: ValueReader): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  reader.faults.push({
    code: 'config.value',
    message: `the environment variable ${variable} is "${text}", want an IP address and a port`,
  });
  return { host: '127.0.0.1', port: 0 };
}

/** One director alone observes for itself; a fleet must say who counts, or no majority has a meaning. */
function readObservers(
  file: MainFile,
  boards: readonly string[],
  reader: ValueReader,
): readonly string[] {
  const observers = file.health?.observers;
  if (observers === undefined && boards.length > 0) {
    reader.refuse(
      ['gossip'],
      'there are boards but no health.observers: list the regions whose directors observe',
    );
  }
  if (observers !== undefined && new Set(observers).size !== observers.length) {
    reader.refuse(['health', 'observers'], 'names a region twice');
  }
  return observers ?? [file.director.region];
}

function refuseUnsignedGossip(settings: Settings, reader: ValueReader): void {
  if (settings.gossip.boards.length > 0 && settings.gossip.secrets.length === 0) {
    reader.refuse(
      ['gossip'],
      'votes on a shared board must be signed: set MERIDIAN_SECRETS or gossip.secrets',
    );
  }
  for (const [i, url] of settings.gossip.boards.entries()) {
    if (!/^rediss?:\/\//.test(url) || URL.parse(url) === null) {
      reader.refuse(['gossip', 'boards', i], 'want a Redis URL such as redis://127.0.0.1:6379');
    }
  }
}

function splitList(text: string | undefined): string[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return text.split(',').map((part) => part.trim());
}
