// The fleet's directors as this one hears them: who is isolated, and whether all run the same; told as it changes.

import { findIsolated, seenRegions } from '../health/isolation.ts';
import { isFresh } from '../health/tally.ts';
import type { HeardVote } from '../model/health.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Log } from '../ports.ts';
import { reportConfigurations } from './observers.ts';

export interface FleetWatch {
  /** Looks at the newest votes; gives the observers that are isolated. */
  look(votes: readonly HeardVote[], settings: Settings, now: Millis): ReadonlySet<string>;
  /** As at the last look. */
  isolated(): ReadonlySet<string>;
}

export function createFleetWatch(log: Log): FleetWatch {
  let isolated: ReadonlySet<string> = new Set();
  const mixture: Mixture = { isTold: false, changedAt: undefined };
  return {
    look(votes, settings, now) {
      const { observers, voteLifetime } = settings.health;
      const regions = seenRegions(settings.regions.values()).map(({ id }) => id);
      const before = isolated;
      isolated = findIsolated({ regions, observers, votes, voteLifetime, now });
      tellIsolated(before, isolated, votes, voteLifetime, now, log);
      tellMixture(mixture, votes, settings, now, log);
      return isolated;
    },
    isolated: () => isolated,
  };
}

function tellIsolated(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  votes: readonly HeardVote[],
  voteLifetime: Millis,
  now: Millis,
  log: Log,
): void {
  for (const heard of votes) {
    const { observer, region } = heard.vote;
    if (before.has(observer) === after.has(observer)) continue;
    if (after.has(observer)) log.warn('observer.isolated', { observer, region });
    // Who has fallen silent meanwhile has not come back.
    else if (isFresh(heard, voteLifetime, now)) log.info('observer.rejoined', { observer, region });
  }
}

interface Mixture {
  isTold: boolean;
  /** Since when it has been other than what was told. */
  changedAt: Millis | undefined;
}

/**
 * Told once it has lasted as long as a vote lives. In a change that goes from director to director
 * nobody is told at each step, nor that all is one because somebody was not heard for a moment.
 */
function tellMixture(
  mixture: Mixture,
  votes: readonly HeardVote[],
  settings: Settings,
  now: Millis,
  log: Log,
): void {
  const found = reportConfigurations(votes, settings, now);
  const isMixed = found.length > 1;
  const isAlone = found.length === 1 && found[0]?.directors.length === 1;
  // Whoever hears nobody cannot tell that all are on one.
  if (isMixed === mixture.isTold || isAlone) {
    mixture.changedAt = undefined;
    return;
  }
  mixture.changedAt ??= now;
  if (now - mixture.changedAt < settings.health.voteLifetime) return;
  mixture.isTold = isMixed;
  mixture.changedAt = undefined;
  if (isMixed) {
    const who = found.map(
      ({ configuration, directors }) => `${configuration}: ${directors.join(' ')}`,
    );
    log.warn('fleet.mixed', { configurations: who.join(', ') });
  } else {
    log.info('fleet.same', { configuration: settings.configuration });
  }
}
