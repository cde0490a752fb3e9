// The whole configuration: files and environment in, Settings or every fault out.

import type { Checked, Fault } from '../model/fault.ts';
import type { Prefix } from '../model/ip.ts';
import { type DomainName, formatName, parseName } from '../model/name.ts';
import type { Endpoint, Service, Settings, Zone } from '../model/settings.ts';
import { type PlacedAlias, resolveAliases } from './alias.ts';
import { readAudit } from './audit.ts';
import { readClients } from './clients.ts';
import { readDns } from './dns.ts';
import { readDrills } from './drills.ts';
import { readDocument, type SourceFile } from './document.ts';
import { readGossip } from './gossip.ts';
import { readHttpApi } from './http.ts';
import { readTables } from './latency-files.ts';
import { stateFolder, type WrittenConfig } from './last-good.ts';
import { type PlanBook, planFilesIn, readPlans, writtenPlans } from './plan-files.ts';
import { type RegionBook, readRegions, regionIdOf } from './region.ts';
import { readPolicies } from './policy.ts';
import { readReload } from './reload.ts';
import { readReturn } from './return.ts';
import { readSafety } from './safety.ts';
import type { Environment, SecretFile, Vault } from './secret.ts';
import { type MainFile, mainShape } from './shape.ts';
import { sharedText } from './shared.ts';
import { parseEndpoint, splitList, ValueReader } from './values.ts';
import type { ReadMaster, Surroundings } from './surroundings.ts';
import { readWebhooks } from './webhooks.ts';
import { readZone } from './zone.ts';

/** Everything that was read, before anything is believed. */
export interface ConfigFiles {
  readonly main: SourceFile;
  /** Files of the regions folder; the name without `.yaml` is the region's id. */
  readonly regions: readonly SourceFile[];
  /** The files that `secretFilesIn` has found in the main one, by their paths as written there. */
  readonly secrets: ReadonlyMap<string, SecretFile>;
  /** What the files that `masterFilesIn` has found in the main one hold, by the names of their zones. */
  readonly masters?: ReadonlyMap<DomainName, ReadMaster>;
  /** SHA-256 over their contents. */
  readonly masterDigest?: string;
  /** The same for the files that `tableFilesIn` and `planFilesIn` have found. */
  readonly tables?: ReadonlyMap<string, SecretFile>;
  /** SHA-256 over all of them but the secrets. */
  readonly digest: string;
  /** When the newest of them was changed, in Unix milliseconds: the SOA serial where none is given. */
  readonly modifiedAt: number;
}

/** Settings without a fault, and what the files say of them. */
export interface ReadConfig {
  readonly settings: Settings;
  readonly written: WrittenConfig;
}

/**
 * Pure: the same files and environment always give the same settings or the same faults. `digest`
 * gives a text's SHA-256 in hexadecimal digits.
 */
export function readConfig(
  files: ConfigFiles,
  env: Environment,
  digest: (text: string) => string,
): Checked<ReadConfig> {
  const main = readDocument(files.main);
  const ids = files.regions.map(({ path }) => regionIdOf(path));
  const planPaths = planFilesIn(files.main);
  const named = files.tables ?? new Map<string, SecretFile>();
  const plans = readPlans(named, planPaths);
  const rest = Array.from(named).filter(([path]) => !planPaths.includes(path));
  const tables = readTables(new Map(rest), new Set(ids));
  const reader = new ValueReader(main, tables.byPath);
  const file = main.faults.length > 0 ? undefined : reader.part(mainShape).part;
  const networks = readNetworks(file, reader);
  const book = readRegions(files.regions, networks);
  const value = file && readMain(file, networks, files, book, plans.byPath, env, reader);
  const told = [...reader.faults, ...book.faults, ...tables.faults, ...plans.faults];
  const faults = told.sort(comparePlaces);
  if (value === undefined || faults.length > 0) return { ok: false, faults };
  const beside = new Map([...tables.byPath, ...writtenPlans(plans.byPath)]);
  const shared = sharedText(main.document.value as MainFile, book.contents, beside);
  const configuration = digest(shared + (files.masterDigest ?? ''));
  const settings = { ...value, configuration: configuration.slice(0, 12) };
  const { digest: ofFiles, modifiedAt } = files;
  const values = { main: main.document.value, regions: book.contents };
  return { ok: true, value: { settings, written: { ...values, digest: ofFiles, modifiedAt } } };
}

/** The settings alone. */
export function checkConfig(...asked: Parameters<typeof readConfig>): Checked<Settings> {
  const read = readConfig(...asked);
  return read.ok ? { ok: true, value: read.value.settings } : read;
}

/** In the order in which somebody reads the files; what lies in no file comes first. */
function comparePlaces({ position: x }: Fault, { position: y }: Fault): number {
  if (x === undefined || y === undefined) return Number(x !== undefined) - Number(y !== undefined);
  if (x.file !== y.file) return x.file < y.file ? -1 : 1;
  return x.line - y.line || x.column - y.column;
}

type MainPart = Partial<MainFile>;

/** Where probes may go. */
function readNetworks(file: MainPart | undefined, reader: ValueReader): Prefix[] | undefined {
  const texts = file?.health?.probeNetworks;
  return texts && reader.prefixes(texts, ['health', 'probeNetworks'], 128);
}

function readMain(
  file: MainPart,
  networks: readonly Prefix[] | undefined,
  files: ConfigFiles,
  book: RegionBook,
  plans: PlanBook,
  env: Environment,
  reader: ValueReader,
): Omit<Settings, 'configuration'> {
  const director = file.director ?? { id: '', region: '' };
  const vault: Vault = { env, files: files.secrets };
  const { dns, keys } = readDns(file.dns, director.id, vault, reader);
  const { modifiedAt, masters = new Map() } = files;
  const around = { book, modifiedAt, keys, masters };
  const { zones, services } = readZones(file, around, reader);
  const gossip = readGossip(file.gossip, vault, reader);
  return {
    director,
    listen: {
      dns: readDnsListen(file, env, reader),
      http: readHttpListen(file, env, reader),
      ...readTlsListen(file, reader),
    },
    tls: file.tls,
    zones,
    services,
    regions: book.regions,
    health: { ...readHealth(file, director.region, gossip, reader), probeNetworks: networks },
    gossip,
    dns,
    clients: readClients(file.clients, reader),
    geo: { mmdb: file.geo?.mmdb, asn: file.geo?.asn },
    reload: readReload(file.reload),
    ...readSafety(file.safety, book.regions, reader),
    ...readDrills(file.drills, { regions: book.regions, services, plans }, reader),
    http: readHttpApi(file, vault, reader),
    webhooks: readWebhooks(file.webhooks, vault, reader),
    log: { level: file.log?.level ?? 'info', sampleQueries: file.log?.sampleQueries ?? 0 },
    audit: readAudit(file.audit, stateFolder(file, env), reader),
    stateDir: stateFolder(file, env),
    secretFiles: [...files.secrets.keys()],
    tableFiles: [...(files.tables?.keys() ?? [])],
    digest: files.digest,
  };
}

function readZones(
  { policies: chains, zones: blocks = [] }: MainPart,
  surroundings: Pick<Surroundings, 'book' | 'modifiedAt' | 'keys' | 'masters'>,
  reader: ValueReader,
): { zones: Zone[]; services: Map<DomainName, Service> } {
  const zones: Zone[] = [];
  const services = new Map<DomainName, Service>();
  const aliases: PlacedAlias[] = [];
  const apexes = blocks.map(apexOf);
  const policies = readPolicies(chains, [...surroundings.book.contents.keys()], reader);
  const known = apexes.filter((apex) => apex !== undefined);
  const around = { ...surroundings, policies, apexes: known };
  for (const [i, block] of blocks.entries()) {
    const read = readZone(block, ['zones', i], around, reader);
    const apex = apexes[i];
    if (apex !== undefined && apexes.indexOf(apex) < i) {
      reader.refuse(['zones', i, 'name'], `the zone ${formatName(apex)} is listed twice`);
    }
    if (read.zone !== undefined) zones.push(read.zone);
    for (const service of read.services) services.set(service.name, service);
    aliases.push(...read.aliases);
  }
  for (const service of resolveAliases(aliases, services)) services.set(service.name, service);
  return { zones, services };
}

function apexOf(block: unknown): DomainName | undefined {
  const name = (block as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? parseName(name) : undefined;
}

function readDnsListen({ listen }: MainPart, env: Environment, reader: ValueReader): Endpoint[] {
  const named = splitList(env['MERIDIAN_DNS']);
  if (named !== undefined)
    return named.map((text) => readNamedEndpoint('MERIDIAN_DNS', text, reader));
  const texts = listen?.dns ?? ['127.0.0.1:5300'];
  return texts.map((text, i) => reader.endpoint(text, ['listen', 'dns', i]));
}

function readHttpListen({ listen }: MainPart, env: Environment, reader: ValueReader): Endpoint {
  const named = env['MERIDIAN_HTTP']?.trim();
  if (named !== undefined && named !== '') return readNamedEndpoint('MERIDIAN_HTTP', named, reader);
  return reader.endpoint(listen?.http ?? '127.0.0.1:8053', ['listen', 'http']);
}

/** Encrypted doors need a certificate. */
function readTlsListen({ listen, tls }: MainPart, reader: ValueReader) {
  const endpoints = (key: 'dot' | 'doh'): Endpoint[] => {
    const texts = listen?.[key] ?? [];
    if (texts.length > 0 && tls === undefined) {
      reader.refuse(['listen', key], 'needs tls.certificate and tls.key');
    }
    return texts.map((words, i) => reader.endpoint(words, ['listen', key, i]));
  };
  return { dot: endpoints('dot'), doh: endpoints('doh') };
}

function readNamedEndpoint(variable: string, text: string, reader: ValueReader): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint === undefined)
    reader.refuseVariable(variable, `is "${text}", want an IP address and a port`);
  return endpoint ?? { host: '127.0.0.1', port: 0 };
}

/** One director alone observes for itself; a fleet must say who counts, or no majority has a meaning. */
function readHealth(
  { health }: MainPart,
  region: string,
  { boards, peers, postEvery, readEvery }: Settings['gossip'],
  reader: ValueReader,
): Omit<Settings['health'], 'probeNetworks'> {
  const at = ['health'];
  if (health?.observers === undefined && boards.length + peers.length > 0) {
    const words = 'is missing: with boards or peers, list the regions whose directors observe';
    reader.refuse([...at, 'observers'], words);
  }
  reader.refuseRepeats(health?.observers ?? [], [...at, 'observers']);
  const lifetime = [...at, 'voteLifetime'];
  const voteLifetime = reader.span(health?.voteLifetime, lifetime, 17_000, 2000, 600_000);
  const least = 2 * postEvery + readEvery;
  if (voteLifetime < least) {
    const words = `twice gossip.postEvery and once gossip.readEvery come to ${least} ms`;
    reader.refuse(lifetime, `is ${voteLifetime} ms, but ${words}: votes would die on their way`);
  }
  return {
    observers: health?.observers ?? [region],
    voteLifetime,
    settle: reader.span(health?.settle, [...at, 'settle'], 600_000, 0, 86_400_000),
    return: readReturn(health?.return, [...at, 'return'], reader),
    probesInFlight: health?.probesInFlight ?? 64,
  };
}
