// Recorded entries in sentences: events as they are told live, with what only a record holds.

import { drillDoor } from '../drill/drill-id.ts';
import type { TimelineEntry } from '../model/audit.ts';
import type { Caller } from '../model/caller.ts';
import type { DirectorEvent, VoteWord } from '../model/event.ts';
import { tellRules } from './repeatable-text.ts';
import { sentenceOf } from './sentence.ts';
import { visible } from '../model/visible.ts';

/** One line, whatever the entry holds: it may be of a later release, or written by an enemy. */
export function recordedSentence(entry: TimelineEntry): string {
  let words: string | undefined;
  try {
    words = tellOwn(entry) ?? tellEvent(entry);
  } catch {
    // It is not of the form that its kind has here.
  }
  return visible(words ?? tellUnknown(entry));
}

/** What the log says of itself. */
function tellOwn(entry: TimelineEntry): string | undefined {
  const fact = (name: string): string => textOf(entry[name]);
  switch (entry.event) {
    case 'file':
      return entry['after'] === null
        ? 'the audit log begins a file'
        : `the audit log goes on in a new file after ${fact('after')}`;
    case 'removed':
      return `the audit log removed its oldest entries, up to ${fact('lastSeq')}, for want of room`;
    case 'torn':
      return `the audit log found its last line torn off, as at a crash: ${fact('octets')} octets`;
    case 'cut':
      return `THE AUDIT LOG LOST ITS END while the director ran: entry ${fact('known')} was written, ${fact('found')} was the last that is left`;
    case 'damaged':
      return `THE AUDIT LOG IS DAMAGED: lines of ${fact('file')} are not as they were written`;
    case 'gap':
      return `the audit log could not be written since ${fact('since')}: ${fact('reason')}; ${fact('lost')} entries were lost`;
    default:
      return undefined;
  }
}

function tellEvent(entry: TimelineEntry): string | undefined {
  const event = { ...entry, type: entry.event } as unknown as DirectorEvent;
  const words = sentenceOf(event);
  if (words === undefined) return undefined;
  if (event.type === 'verdict') return `${words}${tellVotes(event.votes ?? [])}`;
  if (event.type === 'drill' || event.type === 'safety') {
    const rules = event.type === 'drill' ? event.rules : undefined;
    return `${words}${tellWhere(whereOf(event))}${tellRules(rules)}`;
  }
  if (event.type !== 'override') return words;
  const { by, from, hasBegun, start, at } = event;
  if (by === null) return words;
  // A director that starts finds in force what was given long before.
  const isOld = hasBegun && start !== undefined && Date.parse(at) - Date.parse(start) > 10_000;
  const where = [
    ...(from == null ? [] : [`at ${from}`]),
    ...whereOf(event),
    ...(isOld ? [`given at ${start.slice(0, 19)}Z`] : []),
  ];
  return `${words}${tellWhere(where)}${tellRules(event.rules)}`;
}

function tellWhere(where: readonly string[]): string {
  return where.length === 0 ? '' : ` (${where.join(', ')})`;
}

/** Longer ids than that are for whoever reads JSON. */
const longestRequest = 36;

/** By which door, from where, and which request. */
function whereOf({ door, client, request }: Partial<Nullable<Caller>>): string[] {
  const isShort = request != null && request.length <= longestRequest;
  return [
    ...(door == null || door === drillDoor ? [] : [`over HTTP, ${door}`]),
    ...(client == null ? [] : [`from ${client}`]),
    ...(isShort ? [`request ${request}`] : []),
  ];
}

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

/** ` (down by fra-1, nyc-1; up by ams-1)`. */
function tellVotes(votes: readonly VoteWord[]): string {
  const by = Map.groupBy(votes, ({ verdict }) => verdict);
  const parts = Array.from(by, ([verdict, words]) => {
    return `${verdict} by ${words.map(({ observer }) => observer).join(', ')}`;
  });
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

const plain = new Set(['at', 'event', 'seq', 'director', 'prev', 'mac', 'hash', 'id', 'epoch']);

function tellUnknown(entry: TimelineEntry): string {
  const facts = Object.entries(entry).filter(([name]) => !plain.has(name));
  return `${entry.event}: ${facts.map(([name, value]) => `${name} ${textOf(value)}`).join(', ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
