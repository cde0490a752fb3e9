// The block `audit`: kept wherever state is, within bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const mib = 2 ** 20;
const plain = `${mainText}\n`;
const withState = `${plain}state: var\n`;

test('a log is kept where there is a folder for state, unless somebody does not want it', () => {
  assert.equal(settingsOf({ main: plain }).audit, undefined);
  assert.deepEqual(settingsOf({ main: withState }).audit, { file: 16 * mib, total: 256 * mib });
  assert.equal(settingsOf({ main: `${withState}audit: { keep: false }\n` }).audit, undefined);
  const small = settingsOf({ main: `${withState}audit: { file: 64KiB, total: 1GiB }\n` });
  assert.deepEqual(small.audit, { file: 65_536, total: 1024 * mib });
  const large = settingsOf({ main: `${withState}audit: { file: 100MiB }\n` });
  assert.deepEqual(large.audit, { file: 100 * mib, total: 400 * mib });
});

test('what cannot work is refused', () => {
  assert.match(faultsOf({ main: `${plain}\naudit: { keep: true }\n` }).join(), /needs `state`/);
  assert.match(
    faultsOf({ main: `${withState}audit: { total: 20MiB }\n` }).join(),
    /at least twice as much/,
  );
  assert.match(faultsOf({ main: `${withState}audit: { file: 16MB }\n` }).join(), /16MiB/);
});
