// Which master files the main file names, before anything of it is believed.

import { type DomainName, isAtOrBelow, parseName } from '../../model/name.ts';
import { readDocument, type SourceFile } from '../document.ts';
import type { MasterWish } from './zone.ts';

/** Whoever checks a configuration has them read first, since this room reads none itself. */
export function masterFilesIn(main: SourceFile): MasterWish[] {
  // A large file takes long to parse, and few name any.
  if (!/\bfile\b/.test(main.text)) return [];
  const { zones } = (readDocument(main).document.value ?? {}) as { zones?: unknown };
  const blocks = (Array.isArray(zones) ? zones : []) as readonly unknown[];
  const named = blocks.flatMap((block) => {
    const { name, file } = (block ?? {}) as { name?: unknown; file?: unknown };
    const apex = typeof name === 'string' ? parseName(name) : undefined;
    return apex === undefined ? [] : [{ apex, file }];
  });
  const apexes = named.map(({ apex }) => apex);
  const wishes = new Map<DomainName, MasterWish>();
  for (const { apex, file } of named) {
    if (typeof file !== 'string' || file === '') continue;
    const inner = apexes.filter((other) => other !== apex && isAtOrBelow(other, apex));
    wishes.set(apex, { path: file, apex, inner });
  }
  return [...wishes.values()];
}
