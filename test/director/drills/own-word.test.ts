// The word of a drill: what is asked for, and that no other word is taken back with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OwnWordParts, takeBack, wordOf } from '../../../src/director/drills/own-word.ts';
import { byDrill, drillActor } from '../../../src/drill/drill-id.ts';
import { parseName } from '../../../src/model/name.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { anOverride, noon } from '../../support/fleet.ts';

const region = 'eu' as RegionId;
const id = '20260501T120000000Z-d1';

test('a word drains a share for a while, in the name of its drill', () => {
  const plan = { region, service: undefined, reason: 'rehearsal' };
  const part = { share: 0.25, span: millis(30_000) };
  const whole = { region, kind: 'drain', actor: drillActor(id), reason: 'rehearsal' };
  assert.deepEqual(wordOf(id, plan, part), { ...whole, share: 0.25, for: '30000ms' });
  const service = parseName('www.example.test');
  assert.equal(wordOf(id, { ...plan, service }, part).service, 'www.example.test');
});

test('its own word in force is taken back, and nobody else’s', async () => {
  const actor = drillActor(id);
  const words = [
    anOverride('eu', { id: 'own', actor }),
    anOverride('us', { id: 'lifted', actor, isLifted: true }),
    anOverride('ap', { id: 'over', actor, end: noon }),
    anOverride('sa', { id: 'of another drill', actor: drillActor('20260501T130000000Z-d2') }),
    anOverride('af', { id: 'of a person', actor: 'alice' }),
  ];
  const ended: unknown[] = [];
  const end: OwnWordParts['control']['end'] = async (...all) => {
    ended.push(all);
    return { code: 'override.unknown', message: 'nobody looks at this' };
  };
  const parts = {
    gossip: { overrides: () => words },
    control: { end },
    clock: createFakeClock(noon),
  };
  await takeBack(id, parts);
  assert.deepEqual(ended, [['own', actor, byDrill]]);
});
