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
      answerHeaders: [],
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

  test('over HTTP may look at the header', () => {
    const spec = probe(
      '{ http: "http://h", answerHeaders: { Content-Type: { contains: json, matches: "^app" }, x-ready: {} } }',
    );
    assert.ok(spec?.kind === 'http');
    const told = spec.answerHeaders.map(({ name, contains, matches }) => [
      name,
      contains,
      matches?.source,
    ]);
    assert.deepEqual(told, [
      ['content-type', 'json', '^app'],
      ['x-ready', undefined, undefined],
    ]);
  });

  const refused = [
    [
      '{ http: "http://h", answerHeaders: { "a b": {} } }',
      '/probe/answerHeaders/a b: cannot stand in an HTTP header',
    ],
    [
      '{ http: "http://h", answerHeaders: { a: { contains: "\\u2713" } } }',
      '/probe/answerHeaders/a/contains: cannot stand in an HTTP header',
    ],
    [
      '{ http: "http://h", answerHeaders: { a: { matches: "(a" } } }',
      '/probe/answerHeaders/a/matches: is no regular expression of RE2: missing closing ): `(a`',
    ],
    [
      '{ http: "http://h", answerHeaders: { ETag: {}, etag: {} } }',
      '/probe/answerHeaders/etag: names etag twice: case does not count',
    ],
    [
      '{ tcp: "h:1", answerHeaders: { a: {} } }',
      '/probe/answerHeaders: means nothing for a tcp probe',
    ],
    [
      `{ http: "http://h", answerHeaders: { ${Array.from({ length: 17 }, (_, i) => `h${i}: {}`).join(', ')} } }`,
      '/probe/answerHeaders: got a block of settings, want at most 16 header names, each with contains, matches or {}',
      'config.shape',
    ],
    [
      '{ http: "http://h", answerHeaders: { a: json } }',
      '/probe/answerHeaders/a: got "json", want a block of settings',
      'config.shape',
    ],
    [
      '{ http: "http://h", answerHeaders: { a: { equals: b } } }',
      '/probe/answerHeaders/a/equals: is not a setting here, want one of contains, matches',
      'config.unknown-key',
    ],
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
  for (const [text, words, code = 'config.value'] of refused) {
    test(`${text} is refused`, () => {
      assert.equal(faultsWith(`probe: ${text}`)[0], `${words} (${code})`);
    });
  }
});
