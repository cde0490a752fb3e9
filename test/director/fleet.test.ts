// What a director tells of others: who is isolated, and when not all run the same, each once.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFleetWatch } from '../../src/director/fleet.ts';
import type { HeardVote, Verdict } from '../../src/model/health.ts';
import type { PushProbe, RegionId, RegionProbes } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { aRegion, aSettings } from '../support/fleet.ts';
import { createRecordLog } from '../support/record-log.ts';
import { now, opinion } from '../support/votes.ts';
import { region } from '../support/watch-stage.ts';

const { probes } = region('any');
const settings = settingsOf(probes);
const ours = settings.configuration;
const other = 'ffffffffffff';

function settingsOf(probed: RegionProbes | undefined) {
  const regions = ['eu', 'us', 'ap'].map((id) => aRegion(id, { probes: probed }));
  const base = aSettings({ regions, services: [], director: { id: 'eu-1', region: 'eu' } });
  return { ...base, health: { ...base.health, observers: ['eu', 'us', 'ap'] } };
}

/** The vote of a director on all three regions, heard at the moment. */
function heard(id: string, verdicts: string, at: number, configuration = ours): HeardVote {
  const opinions = new Map(
    verdicts.split(' ').map((verdict, i) => {
      return [['eu', 'us', 'ap'][i] as RegionId, opinion(verdict as Verdict)];
    }),
  );
  const standing = { configuration, epoch: 1, release: '1', missing: [], lostBoards: 0 };
  const [place = ''] = id.split('-');
  const vote = { observer: id, region: place, incarnation: 1, sequence: 1, opinions, standing };
  return { vote, freshAt: millis(at) };
}

/** Looks once a second; `of` gives the votes of each second from 0 on. */
function lookOver(seconds: number, of: (second: number, at: number) => HeardVote[]) {
  const log = createRecordLog();
  const watch = createFleetWatch(log);
  const told: string[] = [];
  for (let second = 0; second <= seconds; second++) {
    const at = millis(now + 1000 * second);
    watch.look(of(second, at), settings, at);
    while (told.length < log.lines.length) told.push(`${second} ${log.lines[told.length]}`);
  }
  return { told, log, watch };
}

describe('an isolated observer', () => {
  test('is told when it begins and when it ends', () => {
    const { told, log, watch } = lookOver(20, (second, at) => [
      heard('eu-1', second >= 5 && second < 15 ? 'up down down' : 'up up up', at),
      heard('us-1', 'up up up', at),
      heard('ap-1', 'up up up', at),
    ]);
    assert.deepEqual(told, ['5 warn observer.isolated', '15 info observer.rejoined']);
    assert.deepEqual(log.fields[0], { observer: 'eu-1', region: 'eu' });
    assert.deepEqual([...watch.isolated()], []);
  });

  test('that falls silent has not come back', () => {
    const { told, watch } = lookOver(60, (second, at) => [
      heard('eu-1', 'up down down', second < 5 ? at : now + 5000),
      heard('us-1', 'up up up', at),
      heard('ap-1', 'up up up', at),
    ]);
    assert.deepEqual(told, ['0 warn observer.isolated']);
    assert.deepEqual([...watch.isolated()], []);
  });

  test('is none where nothing is probed, nor where applications report', () => {
    const watch = createFleetWatch(createRecordLog());
    const votes = ['eu-1', 'us-1', 'ap-1'].map((id, i) =>
      heard(id, i === 0 ? 'up down down' : 'up up up', now),
    );
    assert.deepEqual([...watch.look(votes, settings, now)], ['eu-1']);
    assert.deepEqual([...watch.look(votes, settingsOf(undefined), now)], []);
    const push = { kind: 'push', name: 'app', lifetime: millis(30_000) } as unknown as PushProbe;
    const reported = probes && { ...probes, list: [...probes.list, push] };
    assert.deepEqual([...watch.look(votes, settingsOf(reported), now)], []);
  });
});

describe('a mixed fleet', () => {
  const fleet = (at: number, us: string, ap: string): HeardVote[] => [
    heard('us-1', 'up up up', at, us),
    heard('ap-1', 'up up up', at, ap),
  ];

  test('is told once it has lasted as long as a vote lives, and so is its end', () => {
    const { told, log } = lookOver(120, (second, at) =>
      fleet(at, second >= 10 && second < 60 ? other : ours, ours),
    );
    assert.deepEqual(told, ['27 warn fleet.mixed', '77 info fleet.same']);
    assert.deepEqual(log.fields, [
      { configurations: `${ours}: ap-1 eu-1, ${other}: us-1` },
      { configuration: ours },
    ]);
  });

  test('is not told at each step of a change that goes from one to the next', () => {
    const { told } = lookOver(120, (second, at) =>
      fleet(at, second >= 10 ? ours : other, second >= 50 ? ours : other),
    );
    assert.deepEqual(told, ['17 warn fleet.mixed', '67 info fleet.same']);
    const swift = lookOver(60, (second, at) =>
      fleet(at, second < 5 ? other : ours, second < 15 ? other : ours),
    );
    assert.deepEqual(swift.told, []);
  });

  test('is not said to be one by who hears nobody', () => {
    const { told } = lookOver(120, (second, at) => (second < 60 ? fleet(at, other, other) : []));
    assert.deepEqual(told, ['17 warn fleet.mixed']);
  });
});
