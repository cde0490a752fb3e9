// News for the log: of the changes that events tell of, those that an operator reads later.

import type {
  Change,
  DrillChange,
  GossipChange,
  OverrideChange,
  ReturnChange,
  ShedChange,
} from '../model/event.ts';
import type { RefusalChange, RepeatsChange } from '../model/refusal.ts';
import type { SafetyChange } from '../model/safety-change.ts';
import type { Log } from '../ports.ts';

/** So many trips are a case for a person: the region comes back by itself all the same. */
const manyTrips = 3;

/** At most one line; what only interests whoever follows leaves none. */
export function logChange(change: Change, log: Log): void {
  switch (change.type) {
    case 'verdict': {
      const { region, from, to, isKept, reason } = change;
      const level = to === 'down' || isKept ? 'warn' : 'info';
      return log[level]('verdict.changed', { region, from, to, isKept, reason });
    }
    case 'return':
      return logReturn(change, log);
    case 'trip': {
      const { region, trips } = change;
      return trips < manyTrips ? undefined : log.warn('region.trips', { region, trips });
    }
    case 'shed':
      return logShed(change, log);
    case 'override':
      return logOverride(change, log);
    case 'safety':
      return logSafety(change, log);
    case 'drill':
      return logDrill(change, log);
    case 'gossip':
      return logGossip(change, log);
    default:
      return undefined;
  }
}

function logReturn({ region, to, share, until, trips }: ReturnChange, log: Log): void {
  if (until === null) log.info('region.returned', { region, trips });
  else log.info('region.returning', { region, stage: to, share, until, trips });
}

/** That it begins is a warning: a region has more than it can carry. */
function logShed({ region, from, to, load }: ShedChange, log: Log): void {
  log[from === 0 ? 'warn' : 'info']('region.sheds', { region, from, to, load: load ?? undefined });
}

function logOverride(change: OverrideChange, log: Log): void {
  const { region, service, endpoint, share, isPermanent, id, kind, hasBegun, by, reason } = change;
  const { request } = change;
  const who = by ?? undefined;
  const part = {
    ...(service !== undefined && { service }),
    ...(endpoint !== undefined && { endpoint }),
    ...(share !== undefined && { share }),
  };
  if (!hasBegun) return log.info('override.ended', { region, ...part, kind, by: who, id, request });
  const words = { region, ...part, kind, actor: who, reason, id, request };
  if (isPermanent) log.warn('override.began', { ...words, isPermanent });
  else log.info('override.began', words);
}

function logSafety(change: SafetyChange, log: Log): void {
  const { state, rules, what, region, by, reason, request } = change;
  const facts = { rules: rules.map(({ rule, message }) => `${rule}: ${message}`).join('; ') };
  if (state === 'holds') log.info('safety.holds', facts);
  else if (state === 'broken') log.warn('safety.broken', facts);
  else
    log.warn(`safety.${state}`, {
      what,
      region,
      by: by ?? undefined,
      ...facts,
      reason: reason ?? undefined,
      request,
    });
}

function logDrill(change: DrillChange, log: Log): void {
  const { drill, region, phase, step, share, by, reason, abort, request } = change;
  const words = { drill, region, phase, step, share, by, reason, request };
  if (abort === null) log.info('drill.changed', words);
  else log.warn('drill.aborted', { ...words, code: abort.code, message: abort.message });
}

function logGossip({ from, to, missingObservers, lostBoards }: GossipChange, log: Log): void {
  const level = to === 'fresh' || to === 'alone' ? 'info' : 'warn';
  const missing = missingObservers.join(', ');
  log[level]('gossip.changed', { from, to, missing, lostBoards: lostBoards.join(', ') });
}

/** Of what the audit log alone is told: what was refused over HTTP, and what came again. */
export function logRepeatable(change: { readonly type: Change['type'] }, log: Log): void {
  if (change.type === 'refusal') logRefusal(change as RefusalChange, log);
  else if (change.type === 'repeats') logRepeats(change as RepeatsChange, log);
}

function logRefusal(change: RefusalChange, log: Log): void {
  const { what, status, code, message, door, client, request } = change;
  log.warn('http.refused', { what, status, code, reason: message, by: door, client, request });
}

function logRepeats({ count, seconds, sources, others }: RepeatsChange, log: Log): void {
  const named = sources.map(
    ({ what, code, door, client, count: times, requests }) =>
      `${times} × ${[what, code, door, client].filter((word) => word !== '').join(' ')}${requests.length === 0 ? '' : ` (${requests.join(', ')})`}`,
  );
  log.warn('audit.repeats', { count, seconds, sources: named.join('; '), others });
}
