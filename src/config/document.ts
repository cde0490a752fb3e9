// One YAML file: parsed, checked against its shape, every fault with line and column.

import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Fault, FaultCode, SourcePosition } from '../model/fault.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A file that knows where each of its settings stands. */
export interface ConfigDocument {
  readonly path: string;
  readonly value: unknown;
  fault(code: FaultCode, at: readonly (string | number)[], message: string): Fault;
}

/** No honest configuration is larger; a larger one is refused before it is parsed. */
const maxFileLength = 16 << 20;

export function readDocument(file: SourceFile): { document: ConfigDocument; faults: Fault[] } {
  if (file.text.length > maxFileLength)
    return refuse(file, `want at most ${maxFileLength} characters`);
  const lines = new LineCounter();
  // Aliases are capped so that a few lines cannot unfold into gigabytes.
  const parsed = parseDocument(file.text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const document: ConfigDocument = {
    path: file.path,
    value: undefined,
    fault: (code, at, message) => ({
      code,
      path: at.map((key) => `/${key}`).join(''),
      message,
      position: positionOf(parsed, lines, file.path, at),
    }),
  };
  const faults = parsed.errors.map((error): Fault => {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.message.split(/ at line |\n/)[0] ?? error.message;
    return { code: 'config.syntax', message, position: { file: file.path, line, column: col } };
  });
  if (faults.length > 0) return { document, faults };
  try {
    return {
      document: { ...document, value: parsed.toJS({ maxAliasCount: 100 }) as unknown },
      faults,
    };
  } catch (error) {
    return refuse(file, error instanceof Error ? error.message : 'cannot be read');
  }
}

function refuse(file: SourceFile, message: string): { document: ConfigDocument; faults: Fault[] } {
  const position = { file: file.path, line: 1, column: 1 };
  const fault = (code: FaultCode, _at: readonly (string | number)[], words: string): Fault => ({
    code,
    message: words,
    position,
  });
  const document = { path: file.path, value: undefined, fault };
  return { document, faults: [fault('config.syntax', [], message)] };
}

/** The value as its shape's type, or every way in which it differs. */
export function checkShape<T extends TSchema>(
  document: ConfigDocument,
  shape: T,
  value: unknown = document.value,
  at: readonly (string | number)[] = [],
): { value: Static<T> | undefined; faults: Fault[] } {
  const compiled = Compile(shape);
  if (compiled.Check(value)) return { value, faults: [] };
  const faults = new Map<string, Fault>();
  for (const error of compiled.Errors(value)) {
    const path = [...at, ...error.instancePath.split('/').slice(1).map(unescapePointer)];
    if (error.keyword === 'required') {
      const { requiredProperties } = error.params;
      for (const key of requiredProperties) {
        const wish = wishOf(shape, `${error.schemaPath}/properties/${key}`);
        faults.set(
          `${path.join('/')}/${key}`,
          document.fault('config.shape', [...path, key], `is missing, want ${wish}`),
        );
      }
    } else if (error.keyword === 'boolean') {
      faults.set(
        path.join('/'),
        document.fault('config.unknown-key', path, 'is not a setting here'),
      );
    } else if (error.keyword !== 'additionalProperties' && error.keyword !== 'not') {
      const got = describe(valueAt(value, path.slice(at.length)));
      const wish = wishOf(shape, error.schemaPath);
      const key = path.join('/');
      if (!faults.has(key))
        faults.set(key, document.fault('config.shape', path, `got ${got}, want ${wish}`));
    }
  }
  return { value: undefined, faults: [...faults.values()] };
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The description nearest to where the shape was not met. */
function wishOf(shape: TSchema, schemaPath: string): string {
  let node: unknown = shape;
  let wish = 'a block of settings';
  for (const part of schemaPath.split('/').slice(1)) {
    if (typeof node !== 'object' || node === null) break;
    node = (node as Record<string, unknown>)[unescapePointer(part)];
    const described = node as
      | { description?: unknown; type?: unknown; anyOf?: unknown }
      | undefined;
    if (typeof described?.description === 'string') wish = described.description;
    else if (described?.type === 'object') wish = 'a block of settings';
  }
  return wish;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a block of settings';
  const written = JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 57)}…` : written;
}

/** Where a setting stands; for one that is missing, where its block begins. */
function positionOf(
  parsed: Document,
  lines: LineCounter,
  file: string,
  at: readonly (string | number)[],
): SourcePosition {
  for (let depth = at.length; depth >= 0; depth--) {
    const offset = offsetOf(parsed, at.slice(0, depth), depth === at.length);
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  }
  return { file, line: 1, column: 1 };
}

function offsetOf(
  parsed: Document,
  at: readonly (string | number)[],
  isExact: boolean,
): number | undefined {
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
