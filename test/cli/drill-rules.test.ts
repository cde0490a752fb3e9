// Safety rules held against a plan without a director.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesAgainst } from '../../src/cli/drill-rules.ts';
import { aPlan } from '../support/drill.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = ['eu', 'us', 'ap'].map((id) => aRegion(id));
const services = [aService({ regions })];

test('the worst step counts, as if all else were well', () => {
  const rules = [{ kind: 'minCapacity', declared: 0.7, load: 0 }];
  const settings = aSettings({ regions, services, safety: { rules } });
  const whole = rulesAgainst(aPlan(), settings, noon);
  assert.equal(whole.isAllowed, false);
  assert.match(whole.lines[0] ?? '', /minCapacity: .*70 % must serve/);
  const quarter = aPlan({ steps: aPlan().steps.slice(0, 1) });
  assert.equal(rulesAgainst(quarter, settings, noon).isAllowed, true);
});

test('without rules there is nothing to say', () => {
  const none = rulesAgainst(aPlan(), aSettings({ regions, services }), noon);
  assert.deepEqual(none, { lines: [], isAllowed: true });
});
