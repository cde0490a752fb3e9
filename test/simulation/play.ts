// A failover played event by event: probes, votes, resolvers and clients, each by its own rules.

import type { Random } from '../../src/ports.ts';
import type { Keepers } from '../../src/simulation/caches.ts';
import type { Failover } from '../../src/simulation/curve.ts';

/** When one client stops going to the region, in milliseconds after it failed; infinite for never. */
export function playClient({ detection, ttl, caches }: Failover, random: Random): number {
  const fleet = playFleet(detection, random);
  const floor = drawn(caches.resolvers, random);
  const hold = drawn(caches.clients, random);
  /** What the resolver has, and until when; it asks again at once. */
  let cached = fetch(-3_600_000 * (2 + random()));
  /** The client's own copy, from its first visit on, which may come at any moment. */
  let mine = look(-3_600_000 * (0.5 + random()));
  for (let round = 0; round < 1_000_000; round++) {
    if (!mine.isThere) return mine.from;
    if (mine.until > 4_000_000) return Number.POSITIVE_INFINITY;
    mine = look(mine.until);
  }
  throw new Error('a client that never leaves');

  function fetch(at: number): { from: number; until: number; isThere: boolean } {
    const { doubtsAt, movesAt } = fleet;
    const life = (at < doubtsAt ? ttl.stable : ttl.short) * 1000;
    return { from: at, until: at + Math.max(life, floor), isThere: at < movesAt };
  }

  function look(at: number): { from: number; until: number; isThere: boolean } {
    while (cached.until <= at) cached = fetch(cached.until);
    return { from: at, until: Math.max(cached.until, at + hold), isThere: cached.isThere };
  }
}

/** One observer after another probes until it says `down`; one director hears them all. */
function playFleet(
  {
    cause,
    probes,
    observers,
    hasOwnObserver,
    voteLifetime,
    postEvery,
    news,
  }: Failover['detection'],
  random: Random,
): { doubtsAt: number; movesAt: number } {
  const travel = (): number => news[0] + random() * (news[1] - news[0]);
  if (cause === 'drained') {
    const at = random() < 1 / observers ? 0 : travel();
    return { doubtsAt: at, movesAt: at };
  }
  const events: { at: number; is: 'doubt' | 'down' }[] = [];
  const isMissing = cause === 'lost' && hasOwnObserver;
  const voters = isMissing ? observers - 1 : observers;
  const listener = Math.floor(random() * voters);
  for (let voter = 0; voter < voters && probes !== undefined; voter++) {
    const { interval, timeout, downAfter } = probes;
    const spent = cause === 'refused' ? 0 : timeout;
    const wire = voter === listener ? 0 : travel();
    let started = 0 - interval * (20 + random());
    let failures = 0;
    while (failures < downAfter) {
      const failed = started >= 0;
      if (failed) failures++;
      const at = started + spent + wire;
      if (failures === 1) events.push({ at, is: 'doubt' });
      if (failures === downAfter) events.push({ at, is: 'down' });
      const period = interval * (0.9 + 0.2 * random());
      started += failed ? Math.max(period, spent) : period;
    }
  }
  if (isMissing) events.push({ at: voteLifetime - random() * postEvery, is: 'doubt' });
  const staleAt = isMissing ? (events.at(-1)?.at ?? 0) : Number.POSITIVE_INFINITY;
  events.sort((one, other) => one.at - other.at);
  let doubtsAt = Number.POSITIVE_INFINITY;
  let downs = 0;
  for (const { at, is } of events) {
    if (is === 'down') downs++;
    if (at !== staleAt) doubtsAt = Math.min(doubtsAt, at);
    const counted = at >= staleAt ? voters : observers;
    if (downs > 0 && downs * 2 > counted) return { doubtsAt, movesAt: at };
  }
  return { doubtsAt, movesAt: Number.POSITIVE_INFINITY };
}

function drawn(keepers: readonly Keepers[], random: Random): number {
  let draw = random();
  for (const { share, least } of keepers) {
    draw -= share;
    if (draw < 0) return least;
  }
  return 0;
}
