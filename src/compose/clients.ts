// The histogram of clients: counted where the configuration asks for it, and kept on disk.

import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ClientOptions, type Clients, startClients } from '../director/clients/collect.ts';
import type { SnapshotCell } from '../director/snapshot.ts';

interface Counting extends Pick<ClientOptions, 'settings' | 'store' | 'clock' | 'log'> {
  readonly cell: SnapshotCell;
}

/** Until the stack that builds is taken down. */
export async function openClients(
  { cell, ...parts }: Counting,
  building: AsyncDisposableStack,
): Promise<Clients | undefined> {
  const word = (): number => randomInt(2 ** 32);
  const clients = await startClients({
    ...parts,
    planOf: (service) => cell.view.snapshot.plans.get(service),
    random: Math.random,
    seed: [word(), word(), word(), word()],
    pause: () => nextTurn(),
  });
  return clients && building.use(clients);
}
