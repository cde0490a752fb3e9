// Regions: whom their probes ask.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probedHost } from '../../src/model/region.ts';
import { httpProbe } from '../support/probed.ts';
import { tcp } from '../support/watch-stage.ts';

test('the host of a probe is a name or a bare address', () => {
  assert.equal(probedHost(tcp('2001:db8::1')), '2001:db8::1');
  const hosts = ['http://h.example:81/z', 'http://[2001:db8::1]:81/', 'https://2130706433/'];
  assert.deepEqual(
    hosts.map((url) => probedHost(httpProbe(url))),
    ['h.example', '2001:db8::1', '127.0.0.1'],
  );
});
