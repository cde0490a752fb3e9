// Observers: who they are, what each of them runs, sees and hears, as plain data.

import { isFresh } from '../health/tally.ts';
import type { HeardVote } from '../model/health.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { ConfigurationReport, HealthReport, ObserverReport } from '../model/report.ts';

/** How long a director that has fallen silent is still listed, so that it is missed. */
const listedFor = 86_400_000;

/** Every director heard within a day, this one among them once it has posted; by id. */
export function reportObservers(
  votes: readonly HeardVote[],
  isolated: ReadonlySet<string>,
  settings: Settings,
  now: Millis,
): ObserverReport[] {
  return votes
    .filter(({ freshAt }) => now - freshAt <= listedFor)
    .map((heard) => reportObserver(heard, isolated, settings, now))
    .sort((one, other) => (one.observer < other.observer ? -1 : 1));
}

function reportObserver(
  heard: HeardVote,
  isolated: ReadonlySet<string>,
  { regions, health }: Settings,
  now: Millis,
): ObserverReport {
  const { observer, region, opinions, standing } = heard.vote;
  const sees = [...regions.keys()].flatMap((id) => {
    const opinion = opinions.get(id);
    return opinion === undefined ? [] : [[id, opinion.verdict] as const];
  });
  return {
    observer,
    region,
    ageSeconds: Math.round((now - heard.freshAt) / 100) / 10,
    isHeard: isFresh(heard, health.voteLifetime, now),
    isIsolated: isolated.has(observer),
    configuration: standing?.configuration ?? null,
    epoch: standing?.epoch ?? null,
    release: standing?.release ?? null,
    missing: standing?.missing ?? null,
    lostBoards: standing?.lostBoards ?? null,
    sees: Object.fromEntries(sees),
  };
}

/** Which configuration this director and each that is heard runs, most common first. */
export function reportConfigurations(
  votes: readonly HeardVote[],
  { director, configuration, health }: Settings,
  now: Millis,
): ConfigurationReport[] {
  const directors = new Map([[configuration, [director.id]]]);
  for (const heard of votes) {
    const { observer, standing } = heard.vote;
    // What this director runs now may be newer than its last vote.
    if (standing === undefined || observer === director.id) continue;
    if (!isFresh(heard, health.voteLifetime, now)) continue;
    const same = directors.get(standing.configuration);
    if (same === undefined) directors.set(standing.configuration, [observer]);
    else same.push(observer);
  }
  return Array.from(directors, ([digits, ids]) => ({
    configuration: digits,
    directors: ids.sort(),
  })).sort(compareConfigurations);
}

function compareConfigurations(x: ConfigurationReport, y: ConfigurationReport): number {
  const order = y.directors.length - x.directors.length;
  return order === 0 ? (x.configuration < y.configuration ? -1 : 1) : order;
}

/** What becomes of this director's own votes. */
export function roleOf(
  { director, health }: Settings,
  isolated: ReadonlySet<string>,
): HealthReport['observer'] {
  if (isolated.has(director.id)) return 'isolated';
  return health.observers.includes(director.region) ? 'counted' : 'uncounted';
}
