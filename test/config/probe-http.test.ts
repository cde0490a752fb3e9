// HTTP probes of a region's file: what becomes of them, and what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsWith, probeWith as probe } from '../support/region-line.ts';

describe('a probe', () => {
  test('over HTTP is a GET that wants 200', () => {
    assert.deepEqual(probe('{ http: "http://h/z" }'), {
      kind: 'http',
      timeout: 2000,
      url: new URL('http://h/z'),
      method: 'GET',
      headers: {},
      statuses: [200],
      contains: undefined,
      matches: undefined,
      verify: true,
    });
  });

  test('over HTTP may look into the body', () => {
    const spec = probe('{ http: "http://h", contains: ok, matches: "o+k" }');
    assert.ok(spec?.kind === 'http');
    assert.deepEqual([spec.contains, spec.matches?.source], ['ok', 'o+k']);
  });

  const refused = [
    [
      '{ http: "http://h", method: HEAD, contains: ok }',
      '/probe/contains: an answer to HEAD has no body to look in',
    ],
    [
      '{ http: "http://h", method: HEAD, matches: ok }',
      '/probe/matches: an answer to HEAD has no body to look in',
    ],
    [
      '{ http: "http://h", matches: "(a" }',
      '/probe/matches: is no regular expression of RE2: missing closing ): `(a`',
    ],
    [
      '{ http: "http://h", headers: { "a b": c } }',
      '/probe/headers/a b: cannot stand in an HTTP header',
    ],
    [
      '{ http: "http://h", headers: { a: "b\\nc" } }',
      '/probe/headers/a: cannot stand in an HTTP header',
    ],
    ['{ http: "http://h:x" }', '/probe/http: got "http://h:x", want an http or https URL'],
  ] as const;
  for (const [text, words] of refused) {
    test(`${text} is refused`, () => {
      assert.equal(faultsWith(`probe: ${text}`)[0], `${words} (config.value)`);
    });
  }
});
