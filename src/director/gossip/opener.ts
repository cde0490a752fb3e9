// Opening: each text is checked and read once, on however many boards and however often it is found.

import type { Seal } from '../../ports.ts';
import { type Ballot, decodeBallot, type Refusal } from './ballot.ts';

/** As `decodeBallot`. */
export type Open = (slot: string, text: string) => Ballot | Refusal;

/** What is kept at most: slots, and characters of all of them. A fleet that needs more opens it anew. */
const maxSlots = 4096;
const maxTotal = 8 * 1024 * 1024;

/** Keeps the latest text of each slot that a holder of the secret signed; nobody else fills it. */
export function createOpener(seal: Seal): Open {
  const opened = new Map<string, { readonly text: string; readonly ballot: Ballot }>();
  let total = 0;
  return (slot, text) => {
    const last = opened.get(slot);
    if (last?.text === text) return last.ballot;
    const ballot = decodeBallot(text, seal);
    if (typeof ballot === 'string') return ballot;
    total += text.length - (last?.text.length ?? 0);
    if (total > maxTotal || opened.size >= maxSlots) {
      opened.clear();
      total = text.length;
    }
    opened.set(slot, { text, ballot });
    return ballot;
  };
}
