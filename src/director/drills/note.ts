// Answers, as a drill counts them: by the client's network, and whether the region stood first.

import { hashNetwork } from '../../steering/hash.ts';
import { locate } from '../../steering/locate.ts';
import type { Clock } from '../../ports.ts';
import type { OnSteered } from '../sampled.ts';
import type { SnapshotCell } from '../snapshot.ts';
import type { Run } from './run.ts';

/** Who is told to come back over TCP is counted then. */
export function noteAnswers(
  cell: SnapshotCell,
  clock: Pick<Clock, 'now'>,
  current: () => Run | undefined,
): OnSteered {
  return ({ edns }, { address }, outcome, decision, at) => {
    const run = current();
    if (run === undefined || run.isOver || decision === undefined || outcome === 'slipped') return;
    const { region, service } = run.plan;
    if (service !== undefined && service !== decision.service) return;
    const plan = cell.view.snapshot.plans.get(decision.service);
    const first = decision.regions[0];
    if (plan === undefined || first === undefined) return;
    if (!plan.service.regions.includes(region)) return;
    const client = { address, origin: 'resolver', subnet: edns?.subnet?.source } as const;
    const network = hashNetwork(locate(client, plan).address);
    run.measure.note(network, first === region, at ?? clock.now());
  };
}
