// Webhooks of a director: its events, to whoever the configuration names.

import type { EventKeeper } from '../director/events.ts';
import type { Gossip } from '../director/gossip/gossip.ts';
import { reportObservers } from '../director/observers.ts';
import { startWebhooks } from '../director/webhooks/deliver.ts';
import { postHook } from '../edge/webhook-post.ts';
import type { Parts } from './parts.ts';

interface Around {
  readonly events: EventKeeper;
  readonly gossip: Gossip;
  readonly isolated: () => ReadonlySet<string>;
}

/** Until the stack that builds is taken down; what is told by then is still sent. */
export function openWebhooks(
  { cell, clock, log, tallies, building }: Parts,
  { events, gossip, isolated }: Around,
): void {
  const settings = () => cell.view.snapshot.settings;
  const heard = (): string[] =>
    reportObservers(gossip.votes(), isolated(), settings(), clock.now())
      .filter(({ isHeard, isIsolated }) => isHeard && !isIsolated)
      .map(({ observer }) => observer);
  building.use(
    startWebhooks({
      director: settings().director,
      hooks: () => settings().webhooks ?? [],
      events,
      heard,
      silence: () => settings().health.voteLifetime,
      post: postHook,
      clock,
      random: Math.random,
      log,
      counts: tallies.webhooks,
    }),
  );
}
