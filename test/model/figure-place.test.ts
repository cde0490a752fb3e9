// Places of figures as people write them; what configuration makes of them is told in test/config/load.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlaceKind, readPlace } from '../../src/model/figure-place.ts';

test('a header, keys of a JSON body, and a metric with labels', () => {
  assert.deepEqual(readPlace('answerHeader', 'X-Load'), { kind: 'header', name: 'x-load' });
  assert.deepEqual(readPlace('json', 'pool.0.active'), {
    kind: 'json',
    path: ['pool', '0', 'active'],
  });
  assert.deepEqual(readPlace('metric', 'errors_total{code="500", path!="/a\\"b"}'), {
    kind: 'metric',
    name: 'errors_total',
    labels: [
      { name: 'code', value: '500', isEqual: true },
      { name: 'path', value: '/a"b', isEqual: false },
    ],
  });
});

test('what is none is told in words', () => {
  const refused = (kind: PlaceKind, text: string, words: RegExp): void => {
    const place = readPlace(kind, text);
    assert.ok(typeof place === 'string', text);
    assert.match(place, words, text);
  };
  refused('answerHeader', 'x load', /HTTP header/);
  refused('json', 'a..b', /16 keys/);
  for (const text of ['9x', 'x{', 'x{a=b}', 'x{a="b"', 'x{a="b" c="d"}']) {
    refused('metric', text, /want a metric's name/);
  }
  const labels = Array.from({ length: 17 }, (_, i) => `l${i}="1"`).join(',');
  refused('metric', `x{${labels}}`, /more than 16 labels/);
});
