// One YAML file: parsed, its settings checked against their shape, every fault with line and column.

import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/schema';
import { Settings as ShapeSettings } from 'typebox/system';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Fault, FaultCode, SourcePosition } from '../model/fault.ts';
import { describeValue, knownKeys, wishAt } from './wish.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export type ConfigPath = readonly (string | number)[];

/** A file that knows where each of its settings stands. */
export interface ConfigDocument {
  readonly path: string;
  readonly value: unknown;
  fault(code: FaultCode, at: ConfigPath, message: string): Fault;
}

/** No honest configuration is larger; a larger one is refused before it is parsed. */
const maxFileLength = 16 << 20;

export function readDocument(file: SourceFile): { document: ConfigDocument; faults: Fault[] } {
  if (file.text.length > maxFileLength)
    return refuse(file, `want at most ${maxFileLength} characters`);
  const lines = new LineCounter();
  try {
    const parsed = parseDocument(file.text, { lineCounter: lines, logLevel: 'error' });
    const faults = syntaxFaults(parsed, lines, file.path);
    // Aliases are capped so that a few lines cannot unfold into gigabytes.
    const value: unknown = faults.length > 0 ? undefined : parsed.toJS({ maxAliasCount: 100 });
    const fault: ConfigDocument['fault'] = (code, at, message) => ({
      code,
      path: at.map((key) => `/${key}`).join(''),
      message,
      position: positionOf(parsed, lines, file.path, at),
    });
    return { document: { path: file.path, value, fault }, faults };
  } catch (error) {
    return refuse(file, error instanceof Error ? error.message : 'cannot be read');
  }
}

function syntaxFaults(parsed: Document.Parsed, lines: LineCounter, file: string): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of parsed.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = wordsOf(error.message);
    const position = { file, line, column: col };
    // One mistake can fell the parser on every level that is open.
    faults.set(`${line}:${col} ${message}`, { code: 'config.syntax', message, position });
  }
  return [...faults.values()];
}

function refuse(file: SourceFile, words: string): { document: ConfigDocument; faults: Fault[] } {
  const position = { file: file.path, line: 1, column: 1 };
  const fault: ConfigDocument['fault'] = (code, _at, message) => ({ code, message, position });
  const document = { path: file.path, value: undefined, fault };
  return { document, faults: [fault('config.syntax', [], wordsOf(words))] };
}

/** What the parser says, without its drawing of the place. */
function wordsOf(message: string): string {
  const [words = message] = message.split(/ at line |\n/);
  return words.includes('call stack') ? 'is nested too deeply' : words;
}

/** Differences that are told of one block; TypeBox stops at eight if nobody says more. */
ShapeSettings.Set({ maxErrors: 10_000 });

/** Compiling a shape takes longer than checking with it. */
const validators = new WeakMap<TSchema, Validator>();

/** The value as its shape's type, or every way in which it differs, and the settings that do; '' is the whole. */
export function checkShape<T extends TSchema>(
  document: ConfigDocument,
  shape: T,
  value: unknown = document.value,
  at: ConfigPath = [],
): { value: Static<T> | undefined; faults: Fault[]; broken: Set<string> } {
  const validator = validators.get(shape) ?? Compile(shape);
  validators.set(shape, validator);
  if (validator.Check(value)) {
    return { value: value as Static<T>, faults: [], broken: new Set() };
  }
  const faults = new Map<string, Fault>();
  const add = (code: FaultCode, path: ConfigPath, message: string): void => {
    const key = path.join('/');
    if (!faults.has(key)) faults.set(key, document.fault(code, [...at, ...path], message));
  };
  const [, errors] = validator.Errors(value);
  for (const { keyword, schemaPath, instancePath, params } of errors) {
    // Of several shapes that will do, none in particular was not met.
    if (schemaPath.includes('/anyOf/')) continue;
    const path = instancePath.split('/').slice(1).map(unescapePointer);
    const steps = schemaPath.split('/').slice(1).map(unescapePointer);
    if (keyword === 'required') {
      for (const key of params.requiredProperties) {
        const { wish } = wishAt(shape, [...steps, 'properties', key]);
        add('config.shape', [...path, key], `is missing, want ${wish}`);
      }
    } else if (keyword === 'boolean') {
      const known = knownKeys(shape, steps.slice(0, -1));
      add('config.unknown-key', path, `is not a setting here, want one of ${known.join(', ')}`);
    } else if (keyword !== 'additionalProperties') {
      const { wish, isSecret } = wishAt(shape, steps);
      const got = isSecret ? 'something else' : describeValue(valueAt(value, path));
      add('config.shape', path, `got ${got}, want ${wish}`);
    }
  }
  const broken = Array.from(faults.keys(), (path) => path.split('/')[0] ?? '');
  return { value: undefined, faults: [...faults.values()], broken: new Set(broken) };
}

/**
 * The settings of a block that have the right shape, so that what is wrong with their values is told
 * together with the faults of the others. Whoever takes a part must not take the configuration.
 */
export function checkPart<T extends TSchema>(
  document: ConfigDocument,
  shape: T,
  value: unknown = document.value,
  at: ConfigPath = [],
): { part: Partial<Static<T>>; faults: Fault[] } {
  const checked = checkShape(document, shape, value, at);
  if (checked.value !== undefined) return { part: checked.value, faults: [] };
  const { broken } = checked;
  const isBlock = typeof value === 'object' && value !== null && !broken.has('');
  const sound = Object.entries(isBlock ? value : {}).filter(([key]) => !broken.has(key));
  return { part: Object.fromEntries(sound) as Partial<Static<T>>, faults: checked.faults };
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node;
}

/** Where a setting stands; for one that is missing, where its block begins. */
function positionOf(
  parsed: Document,
  lines: LineCounter,
  file: string,
  at: ConfigPath,
): SourcePosition {
  for (let depth = at.length; depth >= 0; depth--) {
    const offset = offsetOf(parsed, at.slice(0, depth), depth === at.length);
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  }
  return { file, line: 1, column: 1 };
}

function offsetOf(parsed: Document, at: ConfigPath, isExact: boolean): number | undefined {
  // A key is pointed at itself: its value may stand lines below.
  const key = at.at(-1);
  const parent = at.length === 0 ? undefined : parsed.getIn(at.slice(0, -1), true);
  if (isExact && isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(key));
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
  }
  const path = at.map((part) => (/^\d+$/.test(String(part)) ? Number(part) : part));
  const node = path.length === 0 ? parsed.contents : parsed.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
