// Reads Terraform files as lightly as the checks need; `terraform fmt` guarantees the layout it relies on.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block at the left margin: `kind "label" "label" {` up to the `}` below it. */
export interface Block {
  readonly kind: string;
  readonly labels: readonly string[];
  /** The lines between the braces, without comments. */
  readonly body: readonly string[];
}

/** Every block of the files of one folder that end in `extension`. */
export function readBlocks(folder: string, extension: string): Block[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .flatMap((file) => blocksOf(readFileSync(join(folder, file), 'utf8')));
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { kind: string; labels: string[]; body: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    const head = /^(\w+)((?: "[^"]+")*) \{\}?$/.exec(line);
    if (head !== null) {
      open = {
        kind: head[1] ?? '',
        labels: [...(head[2] ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''),
        body: [],
      };
      blocks.push(open);
    } else open?.body.push(line);
    if (line === '}' || head?.[0].endsWith('}') === true) open = undefined;
  }
  return blocks.map((block) => ({
    ...block,
    body: block.body.at(-1) === '}' ? block.body.slice(0, -1) : block.body,
  }));
}

/** A block's own arguments and nested blocks, each with all its lines. */
export function entriesOf(block: Block): { name: string; lines: string[] }[] {
  const entries: { name: string; lines: string[] }[] = [];
  for (const line of block.body) {
    const name = /^ {2}(\w+)(?: +=| \{)/.exec(line)?.[1];
    if (name !== undefined) entries.push({ name, lines: [line] });
    else entries.at(-1)?.lines.push(line);
  }
  return entries;
}

export function labelsOf(blocks: readonly Block[], kind: string): string[] {
  return blocks.filter((block) => block.kind === kind).map((block) => block.labels.join('.'));
}

/** Everything that one pattern's first groups match, joined by dots. */
export function mentions(blocks: readonly Block[], pattern: RegExp): Set<string> {
  const found = new Set<string>();
  for (const block of blocks) {
    for (const match of block.body.join('\n').matchAll(pattern)) {
      found.add(match.slice(1).join('.'));
    }
  }
  return found;
}
