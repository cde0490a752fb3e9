// The block `safety`: rules as they are written, and what cannot be one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, mainText, regionText, settingsOf } from '../support/config.ts';

const regions = {
  eu: regionText,
  us: regionText.replaceAll('.10', '.20').replaceAll('::10', '::20'),
};

function rulesOf(safety: string) {
  return settingsOf({ main: `${mainText}safety: ${safety}\n`, regions }).safety?.rules;
}

function faults(safety: string): string {
  return faultsOf({ main: `${mainText}safety: ${safety}\n`, regions }).join('\n');
}

test('without the block there are no rules', () => {
  assert.equal(settingsOf().safety, undefined);
  assert.deepEqual(rulesOf('{}'), []);
});

test('rules are read, short or long', () => {
  assert.deepEqual(rulesOf('{ minCapacity: 60%, minRegions: 2 }'), [
    { kind: 'minRegions', fleet: 2, service: 2 },
    { kind: 'minCapacity', declared: 0.6, load: 0 },
  ]);
  assert.deepEqual(
    rulesOf(
      '{ minRegions: { fleet: 3 }, minCapacity: { load: 120% }, notTogether: [[eu, us], continent] }',
    ),
    [
      { kind: 'minRegions', fleet: 3, service: 0 },
      { kind: 'notTogether', groups: [['eu', 'us']], isByContinent: true },
      { kind: 'minCapacity', declared: 0, load: 1.2 },
    ],
  );
});

test('rules on time are read', () => {
  const rules = rulesOf(
    '{ gate: closed, minInterval: 10m, windows: { blocked: ["daily 22:00-24:00"] } }',
  );
  assert.deepEqual(
    rules?.map(({ kind }) => kind),
    ['gate', 'windows', 'minInterval'],
  );
  assert.match(faults('{ windows: { maintenance: [at night] } }'), /got "at night", want days/);
  assert.match(faults('{ minInterval: 2d }'), /minInterval/);
  assert.match(faults('{ gate: ajar }'), /open or closed/);
});

test('break-glass for a change of files names rules that there are', () => {
  const glass = (rule: string): string =>
    `{ breakGlass: { configuration: 0123456789ab, rules: [${rule}], reason: we move out } }`;
  const { safety } = settingsOf({ main: `${mainText}safety: ${glass('minRegions')}\n` });
  assert.deepEqual(safety?.breakGlass?.rules, ['minRegions']);
  assert.match(faults(glass('always')), /there is no rule "always", but minRegions/);
});

test('what cannot be a rule is refused where it stands', () => {
  assert.match(faults('{ minRegions: 0 }'), /minRegions/);
  assert.match(faults('{ minCapacity: 101% }'), /minCapacity/);
  assert.match(faults('{ notTogether: [[eu, mars]] }'), /there is no region "mars"/);
  assert.match(faults('{ notTogether: [[eu, eu]] }'), /eu is listed twice/);
  assert.match(faults('{ always: true }'), /always/);
});
