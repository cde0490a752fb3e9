// The shape and the manual: every setting is in docs/configuration.md with the range and default in force.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type TSchema, Type } from 'typebox';
import { boardShape, boardTlsShape } from '../../src/config/board.ts';
import { dnsShape } from '../../src/config/dns.ts';
import { drillsShape } from '../../src/config/drills.ts';
import { policiesShape, policyShape } from '../../src/config/policy.ts';
import { regionShape } from '../../src/config/region-shape.ts';
import { safetyShape } from '../../src/config/safety.ts';
import { mainShape, recordShape, serviceShape, zoneShape } from '../../src/config/shape.ts';
import { webhookShape } from '../../src/config/webhooks.ts';
import type { Settings } from '../../src/model/settings.ts';
import { parseSpan } from '../../src/model/time.ts';
import { type ConfigText, faultsOf, settingsOf } from '../support/config.ts';

interface Setting {
  /** The file it stands in. */
  readonly file: 'main' | 'region';
  readonly path: string;
  readonly values: string;
  readonly standard: string;
}

const manual = readManual();

function readManual(): readonly Setting[] {
  const text = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [, main = '', region = ''] = text.split(/^## (?:meridian|regions).*$/m);
  return [...rowsOf(main, 'main'), ...rowsOf(region, 'region')];
}

function rowsOf(text: string, file: Setting['file']): Setting[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', , values = '', standard = ''] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    const path = /^`(.+)`$/.exec(name)?.[1];
    return path === undefined ? [] : [{ file, path, values, standard }];
  });
}

/** What the shape leaves to be checked one by one. */
const parts: Readonly<Record<string, TSchema>> = {
  dns: dnsShape,
  policies: policiesShape,
  safety: safetyShape,
  drills: drillsShape,
  // Told in docs/drills.md, as plans are.
  'drills.schedules[]': Type.Object({}),
  'gossip.boards[]': boardShape,
  'gossip.boards[].tls': boardTlsShape,
  'webhooks[]': webhookShape,
  'zones[]': zoneShape,
  'zones[].records[]': recordShape,
  'zones[].services[]': serviceShape,
  'zones[].services[].policy': policyShape,
};

/** What may be a block, and a word as well. */
const alsoWords = ['gossip.boards[]', 'gossip.boards[].tls'];

/** Every setting of a shape: whatever has no settings inside, and lists that may also be words. */
function settingsIn(shape: TSchema, at = ''): string[] {
  // Told once, with the settings of `probe`.
  if (at === 'probes.list') return [at, `${at}[].weight`];
  const part = parts[at];
  const { type, properties, items } = (part ?? shape) as Record<string, unknown>;
  if (type === 'array') {
    const inner = settingsIn(items as TSchema, `${at}[]`);
    const isOfBlocks = inner.some((path) => path !== `${at}[]`);
    const isOwn = !isOfBlocks || part !== undefined || alsoWords.includes(`${at}[]`);
    return [...(isOwn ? [at] : []), ...(isOfBlocks ? inner : [])];
  }
  const isChecked =
    part !== undefined || Object.keys(shape).some((key) => /^(type|anyOf)$/.test(key));
  assert.ok(isChecked, `nobody checks ${at}`);
  const inside = Object.entries((properties ?? {}) as Record<string, TSchema>);
  const found = inside.flatMap(([key, inner]) =>
    settingsIn(inner, at === '' ? key : `${at}.${key}`),
  );
  return found.length === 0 || alsoWords.includes(at) ? [at, ...found] : found;
}

describe('the manual names', () => {
  for (const [file, shape] of [
    ['main', mainShape],
    ['region', regionShape],
  ] as const) {
    test(`every setting of the ${file} file, each once, and nothing else`, () => {
      const named = manual.filter((setting) => setting.file === file).map(({ path }) => path);
      assert.deepEqual(named.toSorted(), settingsIn(shape).toSorted());
    });
  }
});

test('a probe of several has the settings of a single one, without those that they share', () => {
  const { probe, probes } = regionShape.properties;
  const { require: _, list, ...shared } = probes.properties;
  const { weight: __, ...single } = list.items.properties;
  const both = { ...single, ...shared };
  assert.deepEqual(Object.keys(both).toSorted(), Object.keys(probe.properties).toSorted());
});

/** Configurations that hold every block, with one setting put in its place, or taken away. */
function configWith({ file, path }: Setting, value: unknown): ConfigText {
  const service: Record<string, unknown> = { name: 'www', regions: ['eu'] };
  const rule = { networks: ['192.0.2.0/24'], countries: ['CH'], prefer: ['eu'] };
  const alive = path.endsWith('.below') ? { alive: { floor: 1 } } : {};
  const steps: Readonly<Record<string, object>> = {
    rules: { rules: [rule] },
    fence: { fence: [{ countries: ['CH'], continents: ['EU'], regions: ['eu'] }] },
    'geo-map': { 'geo-map': { countries: { CH: ['eu'] }, continents: { EU: ['eu'] } } },
    latency: { latency: { file: 'rtt.csv' } },
  };
  const step = Object.keys(steps).find((word) => path.includes(`policy[].${word}`));
  if (path.includes('policy[]')) service['policy'] = [steps[step ?? ''] ?? alive];
  const isTransfer = /\.(keys|secondaries)\[\]/.test(path);
  const secondaries = isTransfer ? { secondaries: [{ address: '192.0.2.9', key: 'k' }] } : {};
  const record = { name: 'a', type: 'A', data: '192.0.2.1' };
  const main = {
    director: { id: 'a', region: 'eu' },
    zones: [{ name: 'example.test', records: [record], services: [service], ...secondaries }],
    ...(path.startsWith('audit') && { state: 'var' }),
    ...(isTransfer && { dns: { keys: [{ name: 'k', secret: 'A'.repeat(22) }] } }),
    http: httpFor(path),
    ...(path.startsWith('http.tls') && { tls: { certificate: 'a', key: 'b' } }),
    ...(path.startsWith('webhooks') && { webhooks: [{ ...hook }] }),
    ...(path.startsWith('gossip.boards[]') ? fleetWith(path) : {}),
  };
  const region = {
    title: 'Dublin',
    country: 'IE',
    latitude: 53,
    longitude: -6,
    ipv4: ['192.0.2.10'],
    ipv6: ['2001:db8::10'],
    nameserver: { ipv4: ['198.51.100.53'], ipv6: ['2001:db8::53'] },
    ...(path.startsWith('load') && { load: loadFor(path) }),
    ...(path.startsWith('probes')
      ? { probes: { ...(path.endsWith('weight') && share), list: [{ http: 'http://h' }] } }
      : { probe: probeFor(path) }),
  };
  put(file === 'main' ? main : region, path, value);
  const tables = { 'rtt.csv': { text: 'area,region,ms\nCH,eu,5\n' } };
  return { main: JSON.stringify(main), regions: { eu: JSON.stringify(region) }, tables };
}

/** Tokens of the kind, and the certificates, that a setting means something for. */
function httpFor(path: string): Record<string, unknown> {
  const isMark = /tokens\[\]\.(certificate|sha256)/.test(path);
  const mark = path.endsWith('uri') ? { dns: 'a.test' } : { uri: 'a:b' };
  const token = isMark ? { certificate: mark } : { sha256: 'a'.repeat(64) };
  const isAsked = isMark || path.endsWith('clientCertificate');
  const tls = isAsked ? { certificate: 'a', key: 'b', clientCa: 'c' } : {};
  const isOver = isAsked || path.startsWith('http.tls');
  return { tokens: [{ ...token, scope: 'read' }], ...(isOver && { tls }) };
}

const hook = { name: 'pager', url: 'https://h', secrets: [`whsec_${'A'.repeat(32)}`] };

/** Weights mean nothing without. */
const share = { require: '50%' };

/** A board of the kind that a setting means something for, and what a fleet needs. */
function fleetWith(path: string): Record<string, unknown> {
  const sentinel = { name: 'm', nodes: ['h:1'] };
  const url = path.endsWith('.url') ? { cluster: ['h:1'] } : { url: 'rediss://h' };
  const pem = (what: string): string => `-----BEGIN ${what}-----\n-----END ${what}-----`;
  const tls = /\.(cert|key)$/.test(path)
    ? {}
    : { tls: { cert: pem('CERTIFICATE'), key: pem('PRIVATE KEY') } };
  const board = path.includes('.sentinel.') ? { sentinel } : { ...url, ...tls };
  return {
    gossip: { boards: [board], secrets: ['a'.repeat(16)] },
    health: { observers: ['eu'] },
  };
}

/** A probe of the kind that a setting means something for. */
function probeFor(path: string): Record<string, unknown> {
  if (/^probe\.(name|type|data)$/.test(path)) return { dns: '192.0.2.1:53', name: 'example.test' };
  if (/^probe\.(lifetime|token)$/.test(path)) return { push: 'app' };
  return path === 'probe.serverName' ? { tls: '192.0.2.1:443' } : { http: 'http://h' };
}

/** A place of the kind that a setting means something for. */
function loadFor(path: string): Record<string, unknown> {
  if (!path.startsWith('load.from[]')) return {};
  const isPlace = /answerHeader|json|metric/.test(path);
  const place = isPlace && !path.endsWith('json') ? { json: 'a' } : { metric: 'a' };
  const own = /\.(headers|verify|http)$/.test(path) ? { http: 'http://h' } : {};
  return { from: [{ ...own, ...place, as: 'load' }] };
}

function put(root: object, path: string, value: unknown): void {
  const keys = path.replaceAll('[]', '.0').split('.');
  let node = root as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>;
  node[keys.at(-1) ?? ''] = value;
}

/** As YAML would read it. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Without how policies are written. */
function inForce(settings: Settings): unknown {
  const services = Array.from(settings.services.values(), (service) => ({
    ...service,
    policy: '',
  }));
  return { ...settings, services };
}

describe('the default of', () => {
  for (const setting of manual) {
    const written = /^`([^`]*)`/.exec(setting.standard)?.[1];
    if (written === undefined) continue;
    test(`${setting.path} is ${written}`, () => {
      const without = settingsOf(configWith(setting, undefined));
      const { configuration } = without;
      const given = settingsOf(configWith(setting, parseValue(written)));
      assert.deepEqual(inForce({ ...given, configuration }), inForce(without));
    });
  }
});

describe('without a default', () => {
  // A step is there or not, and a probe is of one kind or the other.
  const own = manual.filter(({ path }) => !/policy\[\]\.[a-z-]+$|^probe\.http$/.test(path));
  for (const setting of own) {
    const isNeeded = setting.standard === '';
    test(`${setting.path} ${isNeeded ? 'must be given' : 'may be left out'}`, () => {
      assert.equal(faultsOf(configWith(setting, undefined)).length > 0, isNeeded);
    });
  }
});

describe('the range of', () => {
  for (const setting of manual) {
    const [, from, to] =
      /^(-?[\d.]+(?:ms|[smhd])?) to ([\d.]+(?:ms|[smhd])?)$/.exec(setting.values) ?? [];
    if (from === undefined || to === undefined) continue;
    test(`${setting.path} is ${from} to ${to}`, () => {
      const lowest = parseSpan(from) ?? Number(from);
      const highest = parseSpan(to) ?? Number(to);
      const isSpan = parseSpan(to) !== undefined;
      const isRefused = (value: number): boolean => {
        const faults = faultsOf(configWith(setting, isSpan ? `${value}ms` : value));
        return faults.some((fault) => / want .* from /.test(fault));
      };
      assert.deepEqual([lowest, highest].map(isRefused), [false, false]);
      // A span below none cannot even be written.
      assert.equal(isRefused(lowest - 1), !isSpan || lowest > 0);
      assert.equal(isRefused(highest + 1), true);
    });
  }
});
