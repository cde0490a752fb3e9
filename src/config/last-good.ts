// The last good configuration as a text for the local disk: what the files said, but for the secrets in them.

import { parseDocument } from 'yaml';
import type { Checked, Fault } from '../model/fault.ts';
import { type Millis, millis } from '../model/time.ts';
import type { SourceFile } from './document.ts';
import type { Environment } from './secret.ts';

/** What the files of a configuration say, as values. */
export interface WrittenConfig {
  readonly main: unknown;
  /** By id. */
  readonly regions: ReadonlyMap<string, unknown>;
  readonly digest: string;
  readonly modifiedAt: number;
}

export interface LastGood extends WrittenConfig {
  /** When the files were read. */
  readonly goodAt: Millis;
  /** Where secrets stood that are not in `main` and `regions`. */
  readonly gaps: readonly Gap[];
}

interface Gap {
  /** Undefined for the main file. */
  readonly region: string | undefined;
  readonly path: readonly string[];
}

export function encodeLastGood(written: WrittenConfig, goodAt: Millis): string {
  const gaps: Gap[] = [];
  const main = withoutSecrets(written.main, [], { region: undefined, gaps });
  const regions = Array.from(written.regions, ([region, value]) => [
    region,
    withoutSecrets(value, [], { region, gaps }),
  ]);
  const { digest, modifiedAt } = written;
  return JSON.stringify({ main, regions, digest, modifiedAt, goodAt, gaps });
}

/** Undefined for what `encodeLastGood` did not write. */
export function decodeLastGood(text: string): LastGood | undefined {
  try {
    const kept = JSON.parse(text) as Partial<LastGood>;
    const { main, digest, modifiedAt = Number.NaN, goodAt = Number.NaN, gaps } = kept;
    const isWhole = typeof digest === 'string' && Array.isArray(gaps);
    if (!isWhole || !Number.isFinite(modifiedAt) || !Number.isFinite(goodAt)) return undefined;
    const regions = new Map(kept.regions as Iterable<[string, unknown]>);
    return { main, regions, digest, modifiedAt, goodAt: millis(goodAt), gaps };
  } catch {
    return undefined;
  }
}

interface Cutting {
  readonly region: string | undefined;
  readonly gaps: Gap[];
}

function withoutSecrets(value: unknown, path: readonly string[], cutting: Cutting): unknown {
  if (typeof value === 'string' && isSecret(value, path, cutting.region !== undefined)) {
    cutting.gaps.push({ region: cutting.region, path });
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((each, i) => withoutSecrets(each, [...path, String(i)], cutting));
  }
  const pairs: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    pairs.map(([key, of]) => [key, withoutSecrets(of, [...path, key], cutting)]),
  );
}

/** Whole settings of the kind secret; of a URL only one that may hold a password. */
const secretsInMain =
  /^(gossip\/secrets|dns\/cookies\/secrets|webhooks\/\d+\/secrets)\/\d+$|^webhooks\/\d+\/url$|^gossip\/boards\/.*\/(username|password|key)$/;
const urlsInMain = /^gossip\/boards\/\d+(\/url)?$/;
/** In a region's file, and in a drill's plan. */
const tellingHeaders = /(^|\/)headers\/[^/]*(auth|cookie|token|secret|key|password)[^/]*$/i;

function isSecret(value: string, path: readonly string[], isRegion: boolean): boolean {
  const at = path.join('/');
  if (isRegion || at.startsWith('drills/')) {
    return tellingHeaders.test(at) || (at.endsWith('/http') && value.includes('@'));
  }
  return secretsInMain.test(at) || (urlsInMain.test(at) && value.includes('@'));
}

/** The files as they were, with the secrets that stand in today's. Their paths are those of today's. */
export function fillLastGood(
  { main, regions, gaps }: LastGood,
  today: { readonly main: SourceFile; readonly regions: readonly SourceFile[] },
): Checked<{ readonly main: SourceFile; readonly regions: readonly SourceFile[] }> {
  const folder = today.main.path.replace(/[^/]*$/, '');
  const pathOf = (region: string | undefined): string =>
    region === undefined ? today.main.path : `${folder}regions/${region}.yaml`;
  const sources = new Map([today.main, ...today.regions].map((file) => [file.path, file]));
  const found = new Map<string, unknown>();
  const valuesIn = (path: string): unknown => {
    const file = sources.get(path);
    if (!found.has(path)) found.set(path, file && soundValue(file.text));
    return found.get(path);
  };
  const faults: Fault[] = [];
  for (const { region, path } of gaps) {
    const file = pathOf(region);
    const secret = valueAt(valuesIn(file), path);
    if (secret !== undefined) {
      put(region === undefined ? main : regions.get(region), path, secret);
      continue;
    }
    const where = `/${path.join('/')} of ${file}`;
    const message = `the last good configuration lacks the secret at ${where}, which is kept nowhere else: have it in the environment or in a file of its own`;
    faults.push({ code: 'config.last-good', message });
  }
  if (faults.length > 0) return { ok: false, faults };
  // JSON is YAML, so it is read as any file is.
  const asFile = (path: string, value: unknown): SourceFile => ({
    path,
    text: JSON.stringify(value, undefined, 1),
  });
  const files = Array.from(regions, ([region, value]) => asFile(pathOf(region), value));
  return { ok: true, value: { main: asFile(today.main.path, main), regions: files } };
}

/** A file's values, if it has no fault of syntax: a broken line might cut a secret short. */
function soundValue(text: string): unknown {
  try {
    const parsed = parseDocument(text, { logLevel: 'error' });
    return parsed.errors.length > 0 ? undefined : parsed.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node ?? undefined;
}

function put(value: unknown, path: readonly string[], secret: unknown): void {
  const parent = valueAt(value, path.slice(0, -1));
  if (typeof parent !== 'object' || parent === null) return;
  (parent as Record<string, unknown>)[path.at(-1) ?? ''] = secret;
}

/** Where the state is, by the environment or by what the main file says. */
export function stateFolder(
  file: { readonly state?: unknown },
  env: Environment,
): string | undefined {
  const named = env['MERIDIAN_STATE']?.trim();
  if (named !== undefined && named !== '') return named;
  return typeof file.state === 'string' && file.state !== '' ? file.state : undefined;
}

/** The folder and the director's id as far as a faulty main file still says them. */
export function outlineOf(
  main: string | undefined,
  env: Environment,
): { readonly state: string | undefined; readonly director: string | undefined } {
  const value = main === undefined ? undefined : looseValue(main);
  const state = stateFolder({ state: valueAt(value, ['state']) }, env);
  const director = valueAt(value, ['director', 'id']);
  return { state, director: typeof director === 'string' ? director : undefined };
}

/** What the parser makes of a file in spite of its faults. */
function looseValue(text: string): unknown {
  try {
    return parseDocument(text, { logLevel: 'error' }).toJS({ maxAliasCount: 100 });
  } catch {
    // Its blocks were read up to the fault; of these, one line will do.
    const state = /^state: *["']?([^"'#\n]+?)["']? *(#.*)?$/m.exec(text)?.[1];
    return state === undefined ? undefined : { state };
  }
}
