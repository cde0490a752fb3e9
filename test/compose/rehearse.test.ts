import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Rehearsal } from '../../src/compose/rehearsal.ts';
import { rehearseInThreads } from '../../src/compose/rehearse.ts';
import { FaultError } from '../../src/model/fault.ts';
import { noon } from '../support/fleet.ts';
import { createPlaces, places } from '../support/rehearsed.ts';

function ofConfig(config: string, change: Partial<Rehearsal> = {}): Rehearsal {
  return {
    config,
    other: undefined,
    env: {},
    alreadyDown: [],
    alreadyDrained: [],
    down: [],
    drained: [],
    bias: [],
    weight: [],
    loads: [],
    service: undefined,
    clients: join(dirname(config), 'clients.csv'),
    farKm: 1000,
    slowMs: 50,
    at: noon,
    ...change,
  };
}

async function run(rehearsal: Rehearsal, threads = 1) {
  const shares: number[] = [];
  const signal = new AbortController().signal;
  const onProgress = (share: number): void => void shares.push(share);
  const options = { load: undefined, signal, onProgress, threads };
  return { comparison: await rehearseInThreads(rehearsal, options), shares };
}

async function faultOf(rehearsal: Rehearsal): Promise<string> {
  try {
    await run(rehearsal);
  } catch (error) {
    if (error instanceof FaultError) return `${error.fault.code}: ${error.fault.message}`;
    throw error;
  }
  return 'none';
}

describe('a rehearsal', () => {
  test('comes to the same in one thread and in three', async () => {
    using config = createPlaces();
    const rehearsal = ofConfig(config.main, { down: ['dublin'], clients: undefined });
    const [one, three] = await Promise.all([run(rehearsal), run(rehearsal, 3)]);
    assert.deepEqual(three.comparison, one.comparison);
    assert.equal(three.shares.at(-1), 1);
    assert.equal(one.comparison.total.moved, one.comparison.services[0]?.moved);
  });

  test('a region that is drained, or down, already stands so on both sides', async () => {
    using config = createPlaces();
    const { comparison } = await run(ofConfig(config.main, { alreadyDown: ['dublin'] }));
    assert.equal(comparison.total.moved, 0);
    assert.deepEqual(
      comparison.regions.map(({ region }) => region),
      ['ashburn'],
    );
    const drained = await run(ofConfig(config.main, { drained: ['dublin'] }));
    assert.equal(drained.comparison.total.moved, 0.75);
  });

  test('a bias moves those for whom it counts', async () => {
    using config = createPlaces();
    const near = await run(ofConfig(config.main, { bias: [['ashburn', 99]] }));
    assert.equal(near.comparison.services[0]?.moved, 0.75);
  });

  test('a load beyond the mark moves as many as directors would pass on, one below it nobody', async () => {
    using config = createPlaces(places, { dublin: 'load: { low: 75%, high: 90% }' });
    const moved = async (share: number): Promise<number> => {
      const { comparison } = await run(ofConfig(config.main, { loads: [['dublin', share]] }));
      return comparison.total.moved;
    };
    assert.equal(await moved(0.9), 0);
    // Four in ten have to go, network by network, and a third of its clients are of one network.
    const share = (await moved(1.5)) / 0.75;
    assert.ok(share > 0.2 && share < 0.75, `${share}`);
  });

  test('autonomous systems are told where a database knows them', async () => {
    using config = createPlaces();
    const { comparison } = await run(ofConfig(config.main, { down: ['dublin'] }));
    assert.deepEqual(comparison.services[0]?.moves[0]?.systems, [{ of: 'AS3320', share: 0.25 }]);
  });

  test('says what there is not, and what is wrong with a file', async () => {
    using config = createPlaces();
    const { main } = config;
    assert.match(
      await faultOf(ofConfig(main, { down: ['nowhere'] })),
      /^region\.unknown: .*"nowhere"/,
    );
    assert.match(
      await faultOf(ofConfig(main, { loads: [['dublin', 1]] })),
      /^load\.unset: .*dublin/,
    );
    assert.match(
      await faultOf(ofConfig(main, { service: 'ftp.example.test' })),
      /^service\.unknown: .*www\.example\.test/,
    );
    assert.match(
      await faultOf(ofConfig(main, { clients: '/nowhere.csv' })),
      /^config\.read: .*ENOENT/,
    );
    const bad = join(dirname(main), 'bad.csv');
    writeFileSync(bad, 'network,weight\n81.0.0.0/16,NaN\n');
    assert.match(await faultOf(ofConfig(main, { clients: bad })), /^config\.read: .*line 2/);
  });

  test('ends when it is told to', async () => {
    using config = createPlaces();
    const stop = new AbortController();
    const options = {
      load: undefined,
      signal: stop.signal,
      onProgress: () => undefined,
      threads: 1,
    };
    const running = rehearseInThreads(ofConfig(config.main, { clients: undefined }), options);
    stop.abort();
    await assert.rejects(running, /broken off/);
  });
});
