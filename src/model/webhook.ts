// Webhooks: whom a director tells of what happens, and what becomes of each message.

import type { Change } from './event.ts';
import type { Prefix } from './ip.ts';
import type { Millis } from './time.ts';

/** What may be told: all that `GET /v1/events` tells but `epoch`, which comes with each of the others. */
export const hookEvents = [
  'verdict',
  'suspicion',
  'return',
  'trip',
  'shed',
  'override',
  'drill',
  'schedule',
  'reminder',
  'gossip',
  'configuration',
  'mixture',
  'files',
  'service',
  'isolation',
  'safety',
  'reload',
  'gate',
  'answers',
  'started',
  'stopped',
] as const satisfies readonly Change['type'][];

export type HookEvent = (typeof hookEvents)[number];

/** What somebody should look at soon. */
export const urgentEvents: readonly HookEvent[] = [
  'verdict',
  'drill',
  'service',
  'mixture',
  'safety',
];

export interface WebhookSettings {
  /** What logs and metrics call it. */
  readonly name: string;
  /** May hold a secret of its own, so it is in no log. */
  readonly url: string;
  /** `whsec_` and base64. Messages are signed with each of them: two while one takes over from the other. */
  readonly secrets: readonly string[];
  readonly events: readonly HookEvent[];
  /** `one`: what all directors see is told by the first of those that hear each other. */
  readonly from: 'all' | 'one';
  /** How long after an event it is still tried to tell it. */
  readonly retryFor: Millis;
  /** Where the host may lie; undefined is anywhere. */
  readonly networks: readonly Prefix[] | undefined;
}

/** How often each thing has happened to the messages of one webhook. */
export interface WebhookCounts {
  sent: number;
  /** Tries that were not taken and are made again. */
  retried: number;
  /** Given up: refused for too long. */
  failed: number;
  /** The oldest ones, for want of room. */
  dropped: number;
  /** On their way. */
  waiting: number;
}

/** `retryAfter`: how long the receiver asks to be left alone. `isRefused`: it is there, and wants no such message. */
export type HookAnswer = { readonly isTaken: true } | HookRefusal;

interface HookRefusal {
  readonly isTaken: false;
  readonly reason: string;
  readonly retryAfter?: Millis | undefined;
  readonly isRefused?: boolean;
}
