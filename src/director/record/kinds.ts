// Kinds of entries: which changes are recorded, and what the audit log says of itself.

import type { Change } from '../../model/event.ts';

/** What is false moves no traffic: it only says that something else has happened, or might. */
const changes: Readonly<Record<Change['type'], boolean>> = {
  answers: true,
  configuration: true,
  drill: true,
  epoch: false,
  files: true,
  gate: true,
  gossip: true,
  isolation: true,
  mixture: true,
  notice: true,
  override: true,
  refusal: true,
  reload: true,
  reminder: true,
  repeats: true,
  return: true,
  safety: true,
  schedule: true,
  service: true,
  shed: true,
  started: true,
  stopped: true,
  suspicion: false,
  trip: true,
  verdict: true,
};

/** Of the log, by itself. */
const own = ['file', 'removed', 'torn', 'cut', 'damaged', 'gap'] as const;

export type OwnKind = (typeof own)[number];

export function isRecorded(type: Change['type']): boolean {
  return changes[type];
}

/** Of every entry that can be written. */
export const kinds: readonly string[] = [
  ...Object.entries(changes).flatMap(([kind, is]) => (is ? [kind] : [])),
  ...own,
];
