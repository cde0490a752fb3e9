// When people last changed who answers: new files among them, and what of files is no change.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isStill, watchChanges } from '../../src/director/last-change.ts';
import { recordTypes } from '../../src/model/message.ts';
import type { Settings } from '../../src/model/settings.ts';
import { seconds } from '../../src/model/time.ts';
import { aName, aRegion, aService, aSettings } from '../support/fleet.ts';
import {
  give,
  guardedStage,
  made,
  regions,
  services,
  settingsWith,
} from '../support/guarded-stage.ts';

const running = settingsWith(undefined);
const [first] = running.zones;

function withRecord(type: number, octet: number): Settings {
  assert.ok(first);
  const record = {
    name: aName('shop'),
    type,
    ttl: seconds(60),
    data: [{ wire: Uint8Array.of(octet), text: String(octet) }],
  };
  return { ...running, zones: [{ ...first, records: [record] }] };
}

describe('files', () => {
  test('are a change where they decide who answers otherwise', () => {
    const heavy = regions.map((region) => ({ ...region, weight: 7 }));
    const changes: Partial<Settings>[] = [
      aSettings({ regions: heavy, services }),
      aSettings({ regions, services: [aService({ regions: ['eu'] })] }),
      aSettings({ regions: [...regions, aRegion('sa')], services }),
      { health: { ...running.health, observers: ['eu', 'us'] } },
      { zones: [] },
    ];
    for (const change of changes) assert.equal(isStill(running, { ...running, ...change }), false);
  });

  test('are a change where a static name leads elsewhere, not where it proves something', () => {
    for (const type of [recordTypes.A, recordTypes.CNAME, recordTypes.NS, recordTypes.SRV]) {
      assert.equal(isStill(withRecord(type, 1), withRecord(type, 2)), false);
      assert.equal(isStill(withRecord(type, 1), withRecord(type, 1)), true);
    }
    for (const type of [recordTypes.TXT, recordTypes.CAA]) {
      assert.equal(isStill(withRecord(type, 1), withRecord(type, 2)), true);
    }
  });

  test('are none where they say the same, or open the gate', () => {
    assert.equal(
      isStill(running, settingsWith({ rules: [{ kind: 'gate', isClosed: true }] })),
      true,
    );
    assert.equal(isStill(running, { ...running, configuration: 'ffffffffffff' }), true);
  });
});

test('the last change is a word, or files that came into force, whichever was later', async () => {
  const { clock, one, ...scene } = await guardedStage([{ kind: 'minInterval', interval: 1 }]);
  const last = watchChanges({ ...one, clock });
  assert.equal(last(), undefined);
  const put = (settings: Settings): void => one.cell.setGround({ ...one.cell.ground, settings });
  await clock.advance(1000);
  put({ ...one.cell.ground.settings, configuration: 'ffffffffffff' });
  assert.equal(last(), undefined);
  put({ ...one.cell.ground.settings, zones: [] });
  const changed = clock.now();
  assert.equal(last(), changed);
  await clock.advance(5000);
  assert.equal(last(), changed);
  made(await give({ clock, one, ...scene }, one, { for: '1s' }));
  await clock.advance(10_000);
  const said = last() ?? 0;
  assert.ok(said >= changed + 5000 && said <= changed + 6000);
});
