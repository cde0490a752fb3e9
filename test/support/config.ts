// Configurations for tests: texts of files as an operator writes them, checked by the real code.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { checkConfig, type ConfigFiles } from '../../src/config/check.ts';
import { readMaster } from '../../src/config/master/read.ts';
import { masterFilesIn } from '../../src/config/master/wishes.ts';
import type { Environment, SecretFile } from '../../src/config/secret.ts';
import { type Checked, formatFault } from '../../src/model/fault.ts';
import type { Settings } from '../../src/model/settings.ts';

export interface ConfigText {
  /** The main file; one zone with one service when left out. */
  readonly main?: string;
  /** Text of each region's file by its id; `eu` alone when left out. */
  readonly regions?: Readonly<Record<string, string>>;
  readonly env?: Environment;
  /** Text of each file that secrets are kept in, or why it cannot be read. */
  readonly secrets?: Readonly<Record<string, SecretFile>>;
  /** Text of each master file by the path that the main file names it by. */
  readonly masters?: Readonly<Record<string, string>>;
  /** The same for each table that a policy names. */
  readonly tables?: Readonly<Record<string, SecretFile>>;
}

export const mainText = `director: { id: a, region: eu }
zones:
  - name: example.test
    services:
      - { name: www, regions: [eu] }
`;

/** A region that faces clients and has a public director. */
export const regionText = `title: Dublin
country: IE
latitude: 53.3
longitude: -6.2
ipv4: [192.0.2.10]
ipv6: ["2001:db8:1::10"]
nameserver: { ipv4: [198.51.100.53] }
`;

/** 2026-01-01, when every file of a test was last changed. */
export const modifiedAt = Date.UTC(2026, 0, 1);

export function checkText({
  main = mainText,
  regions,
  env = {},
  secrets = {},
  masters = {},
  tables = {},
}: ConfigText): Checked<Settings> {
  const texts = Object.entries(regions ?? { eu: regionText });
  const source = { path: 'meridian.yaml', text: main };
  const read = masterFilesIn(source).map((wish) => {
    const text = masters[wish.path];
    const none = { reason: 'no such file' };
    const found =
      text === undefined ? none : readMaster(wish, { path: wish.path, text }, () => none);
    return [wish.apex, found] as const;
  });
  const files: ConfigFiles = {
    main: source,
    masters: new Map(read),
    regions: texts.map(([id, text]) => ({ path: `regions/${id}.yaml`, text })),
    secrets: new Map(Object.entries(secrets)),
    tables: new Map(Object.entries(tables)),
    digest: '0123456789abcdef',
    modifiedAt,
  };
  return checkConfig(files, env, sha256);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Every fault as an operator reads it; empty when the configuration is fine. */
export function faultsOf(text: ConfigText): string[] {
  const checked = checkText(text);
  return checked.ok ? [] : checked.faults.map(formatFault);
}

/** Settings of a configuration without a fault. */
export function settingsOf(text: ConfigText = {}): Settings {
  const checked = checkText(text);
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'));
  return checked.value;
}

/** A main file with these services and records, each one line of YAML, in the zone example.test. */
export function zoneText(parts: {
  readonly services?: readonly string[];
  readonly records?: readonly string[];
  /** More lines of the zone. */
  readonly zone?: readonly string[];
}): string {
  const block = (key: string, lines: readonly string[] = []): string[] =>
    lines.length === 0 ? [] : [`    ${key}:`, ...lines.map((line) => `      - ${line}`)];
  return [
    'director: { id: a, region: eu }',
    'zones:',
    '  - name: example.test',
    ...(parts.zone ?? []).map((line) => `    ${line}`),
    ...block('services', parts.services),
    ...block('records', parts.records),
    '',
  ].join('\n');
}

const root = new URL('../../', import.meta.url);

/** The files that `npm start` runs with. */
export function shippedText(): Required<Pick<ConfigText, 'main' | 'regions'>> {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const files = readdirSync(new URL('regions/', root)).filter((name) => name.endsWith('.yaml'));
  const regions = files.map((name) => [name.replace('.yaml', ''), read(`regions/${name}`)]);
  return { main: read('meridian.yaml'), regions: Object.fromEntries(regions) };
}
