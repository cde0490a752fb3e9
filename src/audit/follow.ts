// Whether an entry follows the one before it: by its number, by the hash that it names and by its signature.

import type { Entry } from './entry.ts';
import { settle } from './misplaced.ts';
import type { Run } from './runs.ts';
import { blame, type State } from './state.ts';

/** More breaks than that are judged part by part, so that neither memory nor time grows with the log. */
const mostRuns = 2000;

/** Entries of this kind are few: a file each. */
const mostTold = 1000;

/** Takes in an entry that is what was written; `strange` lines before it stand for entries of its own run. */
export function follow(entry: Entry, strange: number, state: State): void {
  state.first ??= entry;
  state.last = entry;
  const isGood = checkSignature(entry, state);
  if (isGood) state.signed++;
  checkHeads(entry, state);
  const { event, facts } = entry;
  if (event === 'removed' && state.told.length < mostTold) {
    state.told.push({ lastSeq: facts['lastSeq'], lastHash: facts['lastHash'] });
  }
  const run = state.runs.at(-1);
  if (run === undefined || !isNext(entry, run)) return begin(entry, strange, isGood, state);
  if (run.lastDirector !== entry.director) {
    state.notes.push(`from entry ${entry.seq} on the director is called ${entry.director}`);
  }
  run.to = entry.seq;
  if (isGood) run.signed++;
  run.hash = entry.hash;
  run.end = state.place;
  run.lastDirector = entry.director;
}

/** Where the hash of the entry before is not known, its number has to do. */
function isNext({ seq, prev, director }: Entry, { to, hash, lastDirector }: Run): boolean {
  const isKnown = hash === undefined ? director === lastDirector : prev === hash;
  return seq === to + 1 && isKnown;
}

function begin(entry: Entry, strange: number, isGood: boolean, state: State): void {
  if (state.runs.length >= mostRuns) settle(state);
  const { seq, prev, hash, director, event, facts } = entry;
  const { place, before } = state;
  const after = event === 'file' ? facts['after'] : undefined;
  state.runs.push({
    start: place,
    end: place,
    before,
    from: Math.max(Math.min(1, seq), seq - strange),
    to: seq,
    signed: isGood ? 1 : 0,
    prev: strange > 0 ? undefined : prev,
    firstHash: hash,
    hash,
    director,
    lastDirector: director,
    after: typeof after === 'string' ? after : undefined,
  });
}

/** True where there is a good one. */
function checkSignature({ seq, mac, sealed }: Entry, state: State): boolean {
  const { options, place, isSigning } = state;
  state.isSigning ||= mac !== undefined;
  if (options.isSigned === undefined) return false;
  if (mac === undefined) {
    if (!isSigning) return false;
    const words = 'it is not signed, though entries before it are';
    blame(state, { kind: 'unsigned', place, seq, words });
    return false;
  }
  if (options.isSigned(sealed, mac)) return true;
  const words = 'it is signed with none of the secrets that are known here';
  blame(state, { kind: 'forged', place, seq, words });
  return false;
}

function checkHeads({ seq, hash }: Entry, state: State): void {
  for (const head of state.options.heads ?? []) {
    if (head.seq !== seq) continue;
    state.compared.add(head);
    if (head.hash === hash) continue;
    const words = `it has another hash than ${head.from} says: the log was written anew`;
    blame(state, { kind: 'changed', place: state.place, seq, words });
  }
}
