// Observers as they are reported: who is there, what each runs, sees and hears.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportConfigurations, reportObservers, roleOf } from '../../src/director/observers.ts';
import type { HeardVote, Standing } from '../../src/model/health.ts';
import { type Millis, millis } from '../../src/model/time.ts';
import { aRegion, aSettings } from '../support/fleet.ts';
import { now, vote } from '../support/votes.ts';

const regions = [aRegion('eu'), aRegion('us')];
const base = aSettings({ regions, services: [], director: { id: 'eu-1', region: 'eu' } });
const settings = { ...base, health: { ...base.health, observers: ['eu', 'us', 'ap'] } };
const ours = settings.configuration;
const other = 'ffffffffffff';

const standing: Standing = {
  configuration: ours,
  epoch: 4,
  release: '1.2.3',
  missing: ['ap'],
  lostBoards: 1,
};

function heard(observer: string, self: Standing | undefined, age = 1000): HeardVote {
  const said = vote(observer.replace(/-.*/, ''), 'up', observer, age);
  return { ...said, vote: { ...said.vote, standing: self } };
}

const reportOf = (
  votes: readonly HeardVote[],
  isolated: readonly string[] = [],
  at: Millis = now,
) => reportObservers(votes, new Set(isolated), settings, at);

describe('an observer is reported', () => {
  test('with what it runs, sees and does not hear', () => {
    assert.deepEqual(reportOf([heard('us-1', standing)]), [
      {
        observer: 'us-1',
        region: 'us',
        ageSeconds: 1,
        isHeard: true,
        isIsolated: false,
        configuration: ours,
        epoch: 4,
        release: '1.2.3',
        missing: ['ap'],
        lostBoards: 1,
        sees: { eu: 'up' },
      },
    ]);
  });

  test('with nulls for what its release does not say', () => {
    const [report] = reportOf([heard('us-1', undefined)]);
    assert.ok(report);
    const { configuration, epoch, release, missing, lostBoards } = report;
    assert.deepEqual(
      [configuration, epoch, release, missing, lostBoards],
      [null, null, null, null, null],
    );
    assert.deepEqual(report.sees, { eu: 'up' });
  });

  test('for a day after it has fallen silent, as one that is not heard', () => {
    const reports = reportOf([
      heard('us-1', standing, 17_001),
      heard('us-2', standing, 86_400_000),
      heard('us-3', standing, 86_400_001),
    ]);
    assert.deepEqual(
      reports.map(({ observer, isHeard, ageSeconds }) => [observer, isHeard, ageSeconds]),
      [
        ['us-1', false, 17],
        ['us-2', false, 86_400],
      ],
    );
  });

  test('as isolated, in the order of ids, and without regions that do not exist here', () => {
    const reports = reportOf([heard('us-2', standing), heard('ap-1', standing)], ['us-2']);
    assert.deepEqual(
      reports.map(({ observer, isIsolated }) => [observer, isIsolated]),
      [
        ['ap-1', false],
        ['us-2', true],
      ],
    );
    const gone = { ...settings, regions: new Map() };
    const [report] = reportObservers([heard('us-1', standing)], new Set(), gone, now);
    assert.deepEqual(report?.sees, {});
  });
});

describe('configurations', () => {
  const on = (configuration: string): Standing => ({ ...standing, configuration });

  test('are told with who runs them, most common first', () => {
    const votes = [
      heard('us-2', on(other)),
      heard('us-1', on(other)),
      heard('ap-1', on('aaaaaaaaaaaa')),
    ];
    assert.deepEqual(reportConfigurations(votes, settings, now), [
      { configuration: other, directors: ['us-1', 'us-2'] },
      { configuration: ours, directors: ['eu-1'] },
      { configuration: 'aaaaaaaaaaaa', directors: ['ap-1'] },
    ]);
  });

  test('are one where all are on it, this one as it is now and not as it last said', () => {
    const votes = [heard('us-1', on(ours)), heard('eu-1', on(other))];
    assert.deepEqual(reportConfigurations(votes, settings, now), [
      { configuration: ours, directors: ['eu-1', 'us-1'] },
    ]);
  });

  test('leave out who is not heard and whose release does not say', () => {
    const votes = [heard('us-1', on(other), 17_001), heard('ap-1', undefined)];
    assert.deepEqual(reportConfigurations(votes, settings, now), [
      { configuration: ours, directors: ['eu-1'] },
    ]);
    assert.deepEqual(reportConfigurations([], settings, millis(0)), [
      { configuration: ours, directors: ['eu-1'] },
    ]);
  });
});

test('a director knows what becomes of its votes', () => {
  assert.equal(roleOf(settings, new Set()), 'counted');
  assert.equal(roleOf(settings, new Set(['us-1'])), 'counted');
  assert.equal(roleOf(settings, new Set(['eu-1'])), 'isolated');
  const lab = { ...settings, director: { id: 'lab-1', region: 'lab' } };
  assert.equal(roleOf(lab, new Set()), 'uncounted');
});
