// A state file's text: what was kept, with the word of its first line on who kept it and whether it is whole.

import { createHash } from 'node:crypto';

export interface StateText {
  readonly text: string;
  /** Of the start that kept it; 0 of a release that did not say. */
  readonly incarnation: number;
}

/** How many characters a first line has at most. */
export const longestHead = 128;

/** `sha256 <digest> <incarnation>`, the digest over the incarnation too, and from the next line on the text. */
export function writeState({ text, incarnation }: StateText): string {
  return `sha256 ${digestOf(`${incarnation}\n${text}`)} ${incarnation}\n${text}`;
}

/** Undefined when it is not what was written. */
export function readState(written: string): StateText | undefined {
  const head = readHead(written);
  if (head === undefined) return undefined;
  const { digest, incarnation } = head;
  const text = written.slice(written.indexOf('\n') + 1);
  const covered = incarnation === undefined ? text : `${incarnation}\n${text}`;
  return digestOf(covered) === digest ? { text, incarnation: incarnation ?? 0 } : undefined;
}

/** What the beginning of a file claims, unchecked; undefined when it has no such line. */
export function readHead(
  beginning: string,
): { readonly digest: string; readonly incarnation: number | undefined } | undefined {
  const [, digest = '', incarnation] =
    /^sha256 ([0-9a-f]{64})(?: (\d{1,15}))?\n/.exec(beginning) ?? [];
  if (digest === '') return undefined;
  return { digest, incarnation: incarnation === undefined ? undefined : Number(incarnation) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
