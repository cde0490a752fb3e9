// Counting who moved: former clients of the region, when they asked again, what was due, and who overstays.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Measure } from '../../src/drill/measure.ts';
import { Visits } from '../../src/drill/visits.ts';
import { curveMoments } from '../../src/model/drill-measure.ts';
import { millis } from '../../src/model/time.ts';

const at = (seconds: number) => millis(seconds * 1000);

const begun = (seconds: number, heard = seconds) => ({ begin: at(seconds), heardAt: at(heard) });

const drill = '20260501T120000000Z-d1';

/** A row as a thread that answers sends it. */
function tell(measure: Measure, network: number, isRegion: boolean, seconds: number, ttl = 10) {
  tellOf(measure, { network }, isRegion, seconds, ttl);
}

/** The same of one service out of several. */
function tellOf(
  measure: Measure,
  { network, service = 0 }: { readonly network: number; readonly service?: number },
  isRegion: boolean,
  seconds: number,
  ttl = 10,
) {
  const client = network + service * 1e5;
  const row = [network, client, client + 1e6, ttl, isRegion ? 1 : 0, at(seconds)];
  measure.hear(Float64Array.from(row));
}

describe('a measure', () => {
  test('tells of each step when its networks asked again, and which of them moved', () => {
    const measure = new Measure(drill);
    for (let network = 0; network < 10; network++) tell(measure, network, true, 0);
    tell(measure, 99, false, 0);
    measure.beginStep(0.5, begun(100, 100.2), (network) => network < 5);
    for (let network = 0; network < 9; network++) {
      tell(measure, network, network >= 4, 101 + network);
    }
    const [seen] = measure.measured(at(130)).steps;
    assert.deepEqual(
      { ...seen, curve: undefined },
      {
        share: 0.5,
        heard: 0.2,
        networks: 10,
        asked: 9,
        moved: 4,
        due: 5,
        firstMoved: 1,
        askedAgain: { 50: 5, 90: 9, 99: null },
        curve: undefined,
      },
    );
    const asked = new Map(seen?.curve.map((count, i) => [curveMoments[i], count]));
    assert.deepEqual(
      [0, 0.5, 1, 2, 5, 9, 30].map((second) => asked.get(second)),
      [0, 0, 1, 2, 5, 9, 9],
    );
    assert.equal(asked.has(35), false, 'nothing is said of what is yet to come');
  });

  test('tells apart what a network asks for: one service may be drained for it while another never was there', () => {
    const measure = new Measure(drill);
    for (let network = 0; network < 10; network++) {
      tellOf(measure, { network, service: 1 }, true, 0);
      tellOf(measure, { network, service: 2 }, network < 3, 1);
    }
    const draws = new Set<number>();
    measure.beginStep(0.2, begun(10), (network) => {
      draws.add(network);
      return network < 2;
    });
    for (let network = 0; network < 10; network++) {
      tellOf(measure, { network, service: 1 }, network >= 2, 11);
      tellOf(measure, { network, service: 2 }, network === 2, 11.5);
    }
    const [seen] = measure.measured(at(20)).steps;
    assert.equal(draws.size, 10, 'drawn by the network, whatever it asks for');
    const { networks, asked, due, moved } = seen ?? {};
    assert.deepEqual(
      { networks, asked, due, moved },
      { networks: 13, asked: 13, due: 4, moved: 4 },
    );
  });

  test('leaves out of a step whoever had moved before it, and keeps the one before', () => {
    const measure = new Measure(drill);
    tell(measure, 1, true, 0);
    tell(measure, 2, true, 0);
    measure.beginStep(0.5, begun(10), () => true);
    tell(measure, 1, false, 11);
    measure.beginStep(1, begun(20), () => true);
    const { steps } = measure.measured(at(20));
    assert.deepEqual(
      steps.map(({ share, networks, moved }) => [share, networks, moved]),
      [
        [0.5, 2, 1],
        [1, 1, 0],
      ],
    );
  });

  test('does not take for an answer of the step what another thread answered before it', () => {
    const measure = new Measure(drill);
    tell(measure, 1, true, 0);
    measure.beginStep(1, begun(10), () => true);
    tell(measure, 1, true, 9.9);
    assert.equal(measure.measured(at(12)).steps[0]?.asked, 0);
  });

  test('has bounded room, and says how many it did not note', () => {
    const measure = new Measure(drill);
    for (let network = 0; network < 32_768 + 7; network++) tell(measure, network, true, 0);
    assert.equal(measure.measured(at(0)).unnoted, 7);
    measure.beginStep(1, begun(1), () => true);
    assert.equal(measure.measured(at(1)).steps[0]?.networks, 32_768);
  });

  test('says of nobody no times', () => {
    const measure = new Measure(drill);
    assert.deepEqual(measure.measured(at(0)).steps, []);
    measure.beginStep(1, begun(0), () => true);
    assert.equal(measure.measured(at(5)).steps[0]?.askedAgain[50], null);
  });

  test('tells who returns in time from who is late once and who is late always', () => {
    const measure = new Measure(drill);
    for (const seconds of [0, 10.2, 20.4, 30.6]) tell(measure, 1, true, seconds);
    for (const seconds of [0, 10.2, 30.6]) tell(measure, 2, true, seconds);
    for (const seconds of [0, 30, 60]) tell(measure, 3, true, seconds);
    for (const seconds of [0, 25]) tell(measure, 4, true, seconds);
    tell(measure, 5, true, 0);
    const { returns } = measure.measured(at(40));
    // Within 0.5, 1.1, 1.5, 2, 3, 5 and 10 TTLs, and later.
    assert.deepEqual(returns, {
      ttl: 10,
      pairs: 4,
      counts: [0, 4, 0, 0, 4, 0, 0, 0],
      late: 1,
      silent: 1,
    });
  });
});

test('rows of two threads add up to what one thread would have told', () => {
  const sums = [1, 2].map((threads) => {
    const measure = new Measure(drill);
    const visits = Array.from({ length: threads }, () => new Visits((rows) => measure.hear(rows)));
    const note = (i: number, network: number, isRegion: boolean, seconds: number): void =>
      visits[i % threads]?.note({
        network,
        client: network,
        pair: network,
        ttl: 10,
        isRegion,
        at: at(seconds),
      });
    for (let network = 0; network < 50; network++) {
      note(network, network, true, network / 100);
      // AAAA, which the other thread may be asked for.
      note(network + 1, network, true, network / 100 + 0.02);
    }
    for (const each of visits) each.flush();
    measure.beginStep(1, begun(5), () => true);
    for (let network = 0; network < 40; network++) {
      note(network + 1, network, false, 6 + network / 10);
      note(network, network, false, 6 + network / 10 + 0.02);
    }
    for (const each of visits.toReversed()) each.flush();
    return measure.measured(at(12));
  });
  assert.deepEqual(sums[0], sums[1]);
  assert.equal(sums[0]?.steps[0]?.moved, 40);
  assert.equal(sums[0]?.returns.pairs, 40);
});
