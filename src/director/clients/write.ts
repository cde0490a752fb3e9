// A histogram as CSV: its head, then its rows.

import { type ClientHead, formatHead } from '../../model/client-head.ts';
import { formatRow } from '../../model/client-row.ts';
import { formatInstant, formatSpan, type Millis } from '../../model/time.ts';
import type { Clients } from './collect.ts';
import type { ClientTally } from './tally.ts';

/** Where a histogram comes from. */
export type Source = Pick<ClientHead, 'collector' | 'since' | 'until' | 'halfLife'>;

const linesPerPiece = 500;

/**
 * The whole histogram as it is at the call, in no order, in pieces of some hundred lines. What is
 * rounded stays a sum: `total` is that of all rows and of what lies outside.
 */
export function writeTally(tally: ClientTally, source: Source): Generator<string> {
  const outside = tally.outside();
  const away = [...outside.values()].reduce((sum, weight) => sum + weight, 0);
  const total = tally.busiest.inside() + away;
  const byResolver = Math.min(total, Math.round(tally.byResolver));
  return inPieces(formatHead({ ...source, total, byResolver, outside }), tally.rows());
}

function* inPieces(head: readonly string[], rows: ReturnType<ClientTally['rows']>) {
  let lines = [...head];
  for (const row of rows) {
    // It has faded away.
    if (row.weight === 0) continue;
    lines.push(formatRow(row));
    if (lines.length < linesPerPiece) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** A director's own; of one that collects nothing, a head without rows. */
export function writeClients(
  clients: Clients | undefined,
  collector: string,
  now: Millis,
): Iterable<string> {
  const until = formatInstant(now);
  if (clients === undefined) {
    const head = { collector, since: '', until, halfLife: '', total: 0, byResolver: 0 };
    return [`${formatHead({ ...head, outside: new Map() }).join('\n')}\n`];
  }
  const { tally, since } = clients.counted();
  const halfLife = formatSpan(clients.settings.halfLife);
  return writeTally(tally, { collector, since: formatInstant(since), until, halfLife });
}
