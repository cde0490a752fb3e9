// A follower: in another thread the same snapshot, shown when it is told to be, whole and never half.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { indexZones } from '../../../src/authority/zone.ts';
import { type Groundwork, type Motion, type View, viewOf } from '../../../src/director/snapshot.ts';
import { follow, type Follower } from '../../../src/director/workers/follow.ts';
import { partsBetween, type State } from '../../../src/director/workers/parts.ts';
import type { Client } from '../../../src/model/decision.ts';
import { noLoads } from '../../../src/model/load.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { decide } from '../../../src/steering/decide.ts';
import { areaKey } from '../../../src/steering/order.ts';
import type { Snapshot } from '../../../src/steering/snapshot.ts';
import { settingsOf, shippedText } from '../../support/config.ts';
import { anOverride, downHealth, noon, upHealth } from '../../support/fleet.ts';
import { arbitraryClient, arbitrarySnapshot } from '../../support/random-fleet.ts';

function stateOf({ settings, atlas, plans, health, overrides, loads }: Snapshot): State {
  const areas = new Map(
    Array.from(plans.values(), ({ service, areas: map }) => [
      areaKey(service, settings.regions),
      map,
    ]),
  );
  return { ground: { settings, atlas, areas }, motion: { health, overrides, loads } };
}

function bring(follower: Follower, from: State | undefined, to: State, number: number): void {
  for (const part of partsBetween(from, to)) follower.take(structuredClone(part));
  for (const _slice of follower.prepare(number, { epoch: number, builtAt: noon }));
}

describe('a follower', () => {
  test('decides as the cell that it follows, after any change', () => {
    fc.assert(
      fc.property(
        fc.array(arbitrarySnapshot(), { minLength: 1, maxLength: 4 }),
        fc.array(arbitraryClient(), { minLength: 1, maxLength: 10 }),
        (snapshots, clients) => {
          let shown = 0;
          let last: State | undefined;
          const follower = follow(() => shown);
          for (const [i, snapshot] of snapshots.entries()) {
            const state = stateOf(snapshot);
            bring(follower, last, state, i);
            last = state;
            shown = i;
            const own = viewOf(state.ground, indexZones(snapshot.settings), state.motion, {
              epoch: i,
              builtAt: noon,
            });
            assert.deepEqual(saidBy(follower.cell.view, clients), saidBy(own, clients));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

function saidBy({ snapshot }: View, clients: readonly Client[]) {
  return Array.from(snapshot.plans.values()).flatMap((plan) =>
    clients.map((client) => decide(plan, client, snapshot, noon)),
  );
}

describe('a change', () => {
  const settings = settingsOf(shippedText());
  const [first] = settings.regions.keys();
  const region = first as RegionId;
  const ground: Groundwork = { settings, atlas: undefined, areas: new Map() };
  const motion: Motion = { health: new Map(), overrides: new Map(), loads: noLoads };
  const start = { ground, motion };

  function started() {
    const gate = { shown: 0 };
    const follower = follow(() => gate.shown);
    bring(follower, undefined, start, 0);
    return { gate, follower };
  }

  test('is not seen before it is shown, and then at once', () => {
    const { gate, follower } = started();
    const next = { ground, motion: { ...motion, health: new Map([[region, downHealth()]]) } };
    bring(follower, start, next, 1);
    assert.equal(follower.cell.view.snapshot.health.size, 0);
    gate.shown = 1;
    assert.equal(follower.cell.view.snapshot.health.get(region)?.verdict, 'down');
    assert.equal(follower.cell.view.snapshot.epoch, 1);
  });

  test('that comes before the last one was shown takes its place', () => {
    const { gate, follower } = started();
    const one = { ground, motion: { ...motion, health: new Map([[region, downHealth()]]) } };
    const two = { ground, motion: { ...motion, health: new Map([[region, upHealth()]]) } };
    bring(follower, start, one, 1);
    bring(follower, one, two, 2);
    gate.shown = 1;
    assert.equal(follower.cell.view.snapshot.epoch, 0);
    gate.shown = 2;
    assert.equal(follower.cell.view.snapshot.health.get(region)?.verdict, 'up');
  });

  test('of the settings keeps what moved by itself, and the other way round', () => {
    const { gate, follower } = started();
    const words = new Map([[region, anOverride(region)]]);
    const moved = { ground, motion: { ...motion, overrides: words } };
    bring(follower, start, moved, 1);
    const other = { ...ground, settings: { ...settings, digest: 'another' } };
    bring(follower, moved, { ground: other, motion: moved.motion }, 2);
    gate.shown = 2;
    const { snapshot, zones } = follower.cell.view;
    assert.deepEqual([snapshot.settings.digest, snapshot.overrides.size], ['another', 1]);
    assert.deepEqual([...zones.nodes.keys()], [...indexZones(settings).nodes.keys()]);
  });

  test('half of which has come is nothing', () => {
    const { gate, follower } = started();
    const other = { ...ground, settings: { ...settings, digest: 'another' } };
    const [part] = partsBetween(start, { ground: other, motion });
    if (part !== undefined) follower.take(structuredClone(part));
    gate.shown = 5;
    assert.equal(follower.cell.view.snapshot.settings.digest, settings.digest);
  });
});

test('a question before the first snapshot is a mistake of ours', () => {
  assert.throws(() => follow(() => 0).cell.view);
});
