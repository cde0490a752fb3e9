// Whether an entry follows the one before it: by its number, by the hash that it names and by its signature.

import type { Entry } from './entry.ts';
import { blame, firstSeqOf, type Flaw, mostNamed, type State } from './state.ts';

/** Takes in an entry: whether it is what was written, and whether it stands where it did. */
export function follow(entry: Entry, state: State): void {
  const { place, expected } = state;
  state.first ??= entry;
  if (!entry.isTrue) {
    const words = 'its hash is not that of what it says: some of it was changed';
    blame(state, { kind: 'changed', ...place, seq: entry.seq, words });
    // Its own hash may be the one that was changed.
    const seq = expected === undefined ? entry.seq : expected.seq;
    state.expected = { seq: seq + 1, hash: undefined };
    return;
  }
  checkSignature(entry, state);
  checkHeads(entry, state);
  const { event, facts } = entry;
  const { first } = state;
  if (
    event === 'removed' &&
    facts['lastSeq'] === first.seq - 1 &&
    facts['lastHash'] === first.prev
  ) {
    state.isBeginningTold = true;
  }
  if (isNext(entry, state)) {
    state.expected = { seq: entry.seq + 1, hash: entry.hash };
    state.last = entry;
  }
}

/** True for an entry from which the chain goes on. */
function isNext(entry: Entry, state: State): boolean {
  const { place, expected, last } = state;
  const { seq, prev } = entry;
  if (expected === undefined) return true;
  const isLinked = expected.hash === undefined || prev === expected.hash;
  if (last !== undefined && last.director !== entry.director) {
    if (seq !== expected.seq || !isLinked) {
      const words = `it is of the director ${entry.director}, and not of ${last.director}`;
      blame(state, { kind: 'foreign', ...place, seq, words });
      return false;
    }
    state.notes.push(`from entry ${seq} on the director is called ${entry.director}`);
  }
  if (seq === expected.seq) {
    if (!isLinked) {
      const words = `it does not follow entry ${seq - 1}: one of the two was written anew`;
      blame(state, { kind: 'changed', ...place, seq, words });
    }
    return true;
  }
  if (seq < expected.seq) {
    blameLate(entry, state);
    return false;
  }
  blameHole(entry, expected.seq, state);
  return true;
}

/** An entry that should have come before: it has changed places with others, or is one too many. */
function blameLate({ seq }: Entry, state: State): void {
  const { place, holes, flaws } = state;
  const hole = holes.findLast(({ from, to }) => from <= seq && seq <= to);
  if (hole === undefined) {
    const words = `an entry ${seq} stands before it already, so this one or that was put in`;
    blame(state, { kind: 'inserted', ...place, seq, words });
    return;
  }
  const words = `it should stand at ${hole.file}:${hole.line}`;
  // What was missing there is here.
  const at = hole.flaw === undefined ? -1 : flaws.indexOf(hole.flaw);
  if (at >= 0 && hole.from === hole.to) flaws.splice(at, 1);
  blame(state, { kind: 'reordered', ...place, seq, words });
}

function blameHole(entry: Entry, from: number, state: State): void {
  const { place } = state;
  const to = entry.seq - 1;
  const which = from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
  const flaw = flawOfHole(entry, from, which, state);
  blame(state, flaw);
  if (state.holes.length < mostNamed) state.holes.push({ ...place, from, to, flaw });
}

/** Lines within a file, the beginning of one, a whole file, or the end of the one before. */
function flawOfHole({ event, facts }: Entry, from: number, which: string, state: State): Flaw {
  const { place, before } = state;
  if (place.line > 1 || firstSeqOf(place.file) <= from) {
    return { kind: 'removed', ...place, seq: from, words: `${which} before it` };
  }
  const after = event === 'file' ? facts['after'] : undefined;
  if (typeof after === 'string' && after !== before.file) {
    const words = `the file ${after} is missing, and ${which}`;
    return { kind: 'file-missing', file: after, line: 1, seq: from, words };
  }
  const words = `the end of the file was cut off: ${which}`;
  return { kind: 'truncated', file: before.file, line: before.line + 1, seq: from, words };
}

function checkSignature({ seq, mac, sealed }: Entry, state: State): void {
  const { options, place, isSigning } = state;
  state.isSigning ||= mac !== undefined;
  if (options.isSigned === undefined) return;
  if (mac === undefined) {
    if (!isSigning) return;
    const words = 'it is not signed, though entries before it are';
    blame(state, { kind: 'unsigned', ...place, seq, words });
  } else if (options.isSigned(sealed, mac)) {
    state.signed++;
  } else {
    const words = 'it is signed with none of the secrets that are known here';
    blame(state, { kind: 'forged', ...place, seq, words });
  }
}

function checkHeads({ seq, hash }: Entry, state: State): void {
  for (const head of state.options.heads ?? []) {
    if (head.seq !== seq || head.hash === hash) continue;
    const words = `it has another hash than ${head.from} says: the log was written anew`;
    blame(state, { kind: 'changed', ...state.place, seq, words });
  }
}
