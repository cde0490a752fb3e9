// Answers, as a drill counts them: by the client's network, and whether the region stood first.

import { drillOfActor } from '../../drill/drill-id.ts';
import type { Visits } from '../../drill/visits.ts';
import { maskIp } from '../../model/ip.ts';
import { formatName } from '../../model/name.ts';
import type { Override, OverrideView } from '../../model/override.ts';
import type { Clock } from '../../ports.ts';
import { hashNetwork, hashText, mixHash } from '../../steering/hash.ts';
import { locate } from '../../steering/locate.ts';
import type { OnSteered } from '../sampled.ts';
import type { SnapshotCell } from '../snapshot.ts';

/** The word of a drill among those in force; undefined where there is none. */
export function drillWord(overrides: OverrideView): Override | undefined {
  for (const word of overrides.values()) {
    if (word.kind === 'drain' && drillOfActor(word.actor) !== undefined) return word;
  }
  return undefined;
}

/**
 * Needs nothing but the snapshot, so that it runs in whatever thread answers. Who is told to come
 * back over TCP is counted then. Costs one comparison while no drill is under way.
 */
export function noteAnswers(
  cell: Pick<SnapshotCell, 'view'>,
  clock: Pick<Clock, 'now'>,
  visits: Pick<Visits, 'note'>,
): OnSteered {
  const serviceHash = new Map<string, number>();
  let looked: OverrideView | undefined;
  let word: Override | undefined;
  return ({ edns }, { address }, outcome, decision, at) => {
    const { snapshot } = cell.view;
    if (snapshot.overrides !== looked) {
      looked = snapshot.overrides;
      word = drillWord(looked);
      serviceHash.clear();
    }
    if (word === undefined || decision === undefined || outcome === 'slipped') return;
    const { region, service } = word;
    if (service !== undefined && service !== decision.service) return;
    const plan = snapshot.plans.get(decision.service);
    const first = decision.regions[0];
    if (plan === undefined || first === undefined) return;
    if (!plan.service.regions.includes(region)) return;
    const subnet = edns?.subnet?.source;
    const client = { address, origin: 'resolver', subnet } as const;
    const located = locate(client, plan).address;
    let asked = serviceHash.get(decision.service);
    if (asked === undefined) {
      asked = hashText(formatName(decision.service));
      serviceHash.set(decision.service, asked);
    }
    const source = subnet === undefined ? address : maskIp(subnet.ip, subnet.length);
    const network = hashNetwork(located);
    visits.note({
      network,
      client: mixHash(network, asked),
      pair: mixHash(hashIp(source), mixHash(hashIp(address), asked)),
      ttl: plan.service.ttl.short,
      isRegion: first === region,
      at: at ?? clock.now(),
    });
  };
}

function hashIp({ a, b, c, d }: Parameters<typeof maskIp>[0]): number {
  return mixHash(mixHash(a, b), mixHash(c, d));
}
