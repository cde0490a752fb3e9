// Batches of answers: what a thread answered, told in another as it was.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { QueryOutcome } from '../../../src/director/counters.ts';
import type { OnSteered } from '../../../src/director/sampled.ts';
import { type Batch, packAnswers, playAnswers } from '../../../src/director/workers/heard.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { Ip, Prefix } from '../../../src/model/ip.ts';
import type { Peer, Query } from '../../../src/model/message.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { type Millis, millis } from '../../../src/model/time.ts';
import { aName, anIp, noon } from '../../support/fleet.ts';
import { arbitraryIp } from '../../support/random-fleet.ts';

interface Told {
  readonly address: Ip;
  readonly source: Prefix | undefined;
  readonly service: string;
  readonly regions: readonly string[];
  readonly at: number;
}

interface Asked extends Told {
  readonly outcome?: QueryOutcome;
}

/** Packs, sends to another thread, and plays. */
function tellOn(asked: readonly Asked[], isWanted = (): boolean => true) {
  let now: Millis = noon;
  const sizes: number[] = [];
  const told: Told[] = [];
  const listener: OnSteered = ({ edns }, { address }, _outcome, decision, at) =>
    void told.push({
      address,
      source: edns?.subnet?.source,
      service: String(decision?.service),
      regions: decision?.regions ?? [],
      at: at ?? 0,
    });
  const play = (batch: Batch | undefined): void => {
    if (batch === undefined) return;
    const before = told.length;
    playAnswers(structuredClone(batch), listener);
    sizes.push(told.length - before);
  };
  const packer = packAnswers(() => now, isWanted, play);
  for (const { address, source, service, regions, at, outcome = 'steered' } of asked) {
    now = millis(at);
    const query = { edns: source && { subnet: { source } } } as unknown as Query;
    const decision = { service, regions } as unknown as Decision;
    packer.onAnswer(query, { address } as Peer, outcome, decision);
  }
  play(packer.take());
  assert.equal(packer.take(), undefined, 'a batch is taken once');
  return { told, sizes };
}

const regionLists = [['eu'], ['us', 'eu'], []] as const;

function arbitraryAsked(): fc.Arbitrary<Asked[]> {
  const one = fc.record({
    address: arbitraryIp(),
    source: fc.option(
      arbitraryIp().chain((ip) =>
        fc.integer({ min: 0, max: ip.family === 4 ? 32 : 128 }).map((length) => ({ ip, length })),
      ),
      { nil: undefined },
    ),
    service: fc.constantFrom('www', 'api').map((name) => String(aName(name))),
    regions: fc.constantFrom(...regionLists),
    at: fc.integer({ min: noon, max: noon + 1000 }),
  });
  return fc
    .array(one, { maxLength: 40 })
    .map((all) => all.map((each) => ({ ...each })).toSorted((x, y) => x.at - y.at) as Asked[]);
}

const client: Asked = {
  address: anIp('192.0.2.1'),
  source: undefined,
  service: 'www',
  regions: ['eu'],
  at: noon,
};

describe('answers', () => {
  test('are told as they were given, in their order', () => {
    fc.assert(
      fc.property(arbitraryAsked(), (asked) => {
        assert.deepEqual(tellOn(asked).told, asked);
      }),
    );
  });

  test('go out as soon as a thousand and some are together, the rest later', () => {
    const { told, sizes } = tellOn(Array.from({ length: 2500 }, () => client));
    assert.equal(told.length, 2500);
    assert.deepEqual(sizes, [1024, 1024, 452]);
  });

  test('that were cut short to be asked again over TCP are not told', () => {
    assert.deepEqual(tellOn([{ ...client, outcome: 'slipped' }]).told, []);
  });

  test('are not kept while nobody wants them', () => {
    assert.deepEqual(tellOn([client, client], () => false).sizes, []);
  });

  test('of one service keep apart what was chosen of it, also where the lists look alike', () => {
    const lists: RegionId[][] = [['eu' as RegionId], ['eu' as RegionId]];
    const { told } = tellOn(lists.map((regions) => ({ ...client, regions })));
    assert.deepEqual(
      told.map(({ regions }) => regions),
      lists,
    );
  });
});
