// Words for what a shape wants and for what stands in its place.

import type { TSchema } from 'typebox';

export interface Wish {
  /** What is wanted, after the word `want`. */
  readonly wish: string;
  /** True for what must never stand in a log: what was written is then not repeated. */
  readonly isSecret: boolean;
}

/** The description nearest to where the shape was not met. */
export function wishAt(shape: TSchema, steps: readonly string[]): Wish {
  let found: Wish = { wish: 'a block of settings', isSecret: false };
  let node: unknown = shape;
  for (let i = 0; i <= steps.length; i++) {
    const { description, type, writeOnly } = (node ?? {}) as Record<string, unknown>;
    const isSecret = found.isSecret || writeOnly === true;
    if (typeof description === 'string') found = { wish: description, isSecret };
    else if (type === 'object') found = { wish: 'a block of settings', isSecret };
    node = (node as Record<string, unknown> | undefined)?.[steps[i] ?? ''];
  }
  return found;
}

/** The settings of the block at a place in a shape. */
export function knownKeys(shape: TSchema, steps: readonly string[]): string[] {
  let node: unknown = shape;
  for (const step of steps) node = (node as Record<string, unknown> | undefined)?.[step];
  return Object.keys((node as { properties?: object } | undefined)?.properties ?? {});
}

/** A value as an operator would recognise it: short, on one line. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a block of settings';
  // JSON has no word for numbers that are none or beyond all bounds.
  const written = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 57)}…` : written;
}
