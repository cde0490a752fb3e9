// Messages of webhooks: an event as a body, under an id that stays the same for the same thing.

import { type DirectorEvent, withoutClient } from '../../model/event.ts';
import { type HookEvent, hookEvents } from '../../model/webhook.ts';

export interface HookMessage {
  /** The same in every try, and at every director where the event has a name in the fleet. */
  readonly id: string;
  readonly event: HookEvent;
  /** What it tells of: of two with the same, the later one takes back what the earlier one says. */
  readonly subject: string;
  /** JSON. */
  readonly body: string;
  /** False for what this director alone knows of. */
  readonly isOfFleet: boolean;
}

interface Teller {
  readonly id: string;
  readonly region: string;
}

export function messageOf(event: DirectorEvent, { id, region }: Teller): HookMessage | undefined {
  const { type, at, ...facts } = withoutClient(event);
  if (!isHookEvent(type)) return undefined;
  const director = { id, region };
  return {
    id: idOf(event),
    event: type,
    subject: subjectOf(event),
    body: JSON.stringify({ type, timestamp: at, director, data: facts }),
    isOfFleet: isOfFleet(event),
  };
}

function isHookEvent(type: DirectorEvent['type']): type is HookEvent {
  return (hookEvents as readonly string[]).includes(type);
}

/**
 * Overrides and drills are named by the fleet, so that a receiver knows two messages of the same thing
 * for what they are, whichever directors they come from. A verdict is what each director concludes
 * from votes in its own moment: it is named by the director's event.
 */
function idOf(event: DirectorEvent): string {
  if (event.type === 'override') {
    const word = event.override ?? event.id;
    return `override-${word}-${event.hasBegun ? 'begun' : 'ended'}`;
  }
  if (event.type === 'drill') return `drill-${event.drill}-${event.phase}-${event.step}`;
  return `event-${event.id}`;
}

/** A change that one director refused stands beside rules that all see broken, and waits for none of these. */
function subjectOf(event: DirectorEvent): string {
  const { type, region, service, observer }: Subjects = event;
  const whose = isOfFleet(event) ? 'all' : 'own';
  return `${type} ${whose} ${region ?? service ?? observer ?? ''}`;
}

interface Subjects {
  readonly type: string;
  readonly region?: string;
  readonly service?: string | null;
  readonly observer?: string;
}

/** What every director of a fleet sees for itself. */
const shared: ReadonlySet<DirectorEvent['type']> = new Set([
  'verdict',
  'suspicion',
  'return',
  'trip',
  'shed',
  'override',
  'mixture',
  'service',
  'isolation',
]);

function isOfFleet(event: DirectorEvent): boolean {
  // Who is refused is refused by one director; whether a rule holds, all see.
  if (event.type === 'safety') return event.state === 'broken' || event.state === 'holds';
  return shared.has(event.type);
}
