// The push probes of a region's file: what becomes of them, and what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsWith, probeWith as probe, probesWith } from '../support/region-line.ts';

const token = 'ab'.repeat(32);

describe('a push probe', () => {
  test('listens for a name, for as long as three reports each quarter of a minute', () => {
    assert.deepEqual(probe('{ push: app }'), {
      kind: 'push',
      region: 'eu',
      name: 'app',
      lifetime: 45_000,
      token: undefined,
    });
  });

  test('has a lifetime and a token of its own', () => {
    const spec = probe(`{ push: app-2, lifetime: 5m, token: ${token} }`);
    assert.partialDeepStrictEqual(spec, { name: 'app-2', lifetime: 300_000, token });
  });

  test('stands among others', () => {
    const { list, need } = probesWith(
      'probes: { list: [{ push: a }, { tcp: "h:1" }, { push: b, lifetime: 2s }] }',
    ) ?? { list: [] };
    assert.deepEqual(
      list.map((spec) => (spec.kind === 'push' ? spec.name : spec.kind)),
      ['a', 'tcp', 'b'],
    );
    assert.equal(need, 3);
  });

  const word = 'want lower-case letters, digits and hyphens between them, at most 40';
  const refused = [
    ['probe: { push: App }', `/probe/push: got "App", ${word} (config.shape)`],
    ['probe: { push: a.b }', `/probe/push: got "a.b", ${word} (config.shape)`],
    [
      'probe: { push: a, lifetime: 1s }',
      '/probe/lifetime: got 1s, want a time from 2s to 1d (config.value)',
    ],
    [
      'probe: { push: a, timeout: 1s }',
      '/probe/timeout: means nothing for a push probe (config.value)',
    ],
    [
      'probe: { push: a, verify: false }',
      '/probe/verify: means nothing for a push probe (config.value)',
    ],
    [
      'probe: { tcp: "h:1", lifetime: 1m }',
      '/probe/lifetime: means nothing for a tcp probe (config.value)',
    ],
    [
      'probe: { push: a, tcp: "h:1" }',
      '/probe: want exactly one of http, tcp, tls, dns, push (config.value)',
    ],
    [
      'probes: { list: [{ push: a }, { push: b }, { push: a }] }',
      '/probes/list/2/push: names a twice (config.value)',
    ],
  ] as const;
  for (const [line, words] of refused) {
    test(`${line} is refused`, () => {
      const [fault = ''] = faultsWith(line);
      assert.equal(fault.replace(/^.*\d: /, ''), words);
    });
  }

  test('is not told its token back', () => {
    const [fault = ''] = faultsWith('probe: { push: a, token: hunter2 }');
    assert.match(fault, /^\/probe\/token: got something else, want the SHA-256 of a token/);
  });
});
