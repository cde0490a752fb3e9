// The timeline: page by page, by moment, region and service, and never without bound.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepTimeline } from '../../../src/director/record/timeline.ts';
import type { TimelineEntry, TimelineRequest } from '../../../src/model/audit.ts';
import { millis } from '../../../src/model/time.ts';
import { noon } from '../../support/fleet.ts';

const later = millis(noon + 60_000);

function entry(second: number, facts: object = {}): TimelineEntry {
  const at = `2026-05-01T12:00:${String(second).padStart(2, '0')}.500Z`;
  return { ...facts, at, event: 'trip', second };
}

function ask(timeline: ReturnType<typeof keepTimeline>, request: TimelineRequest = {}) {
  const page = timeline.page(request, later);
  assert.ok('entries' in page);
  return { ...page, seconds: page.entries.map((each) => each['second']) };
}

test('it is asked by moment, region and service; what names neither concerns all', () => {
  const timeline = keepTimeline('life', noon);
  timeline.add(entry(1, { region: 'eu' }));
  timeline.add(entry(2, { region: 'us' }));
  timeline.add(entry(3));
  timeline.add(entry(4, { service: 'www.example.test' }));
  const all = ask(timeline);
  assert.deepEqual(all.seconds, [1, 2, 3, 4]);
  assert.deepEqual(
    [all.now, all.remembersSince, all.next],
    ['2026-05-01T12:01:00.000Z', '2026-05-01T12:00:00.000Z', null],
  );
  assert.deepEqual(ask(timeline, { region: 'eu' }).seconds, [1, 3, 4]);
  assert.deepEqual(ask(timeline, { service: 'other' }).seconds, [1, 2, 3]);
  assert.deepEqual(ask(timeline, { since: '2026-05-01T12:00:02Z' }).seconds, [2, 3, 4]);
  assert.deepEqual(
    ask(timeline, { since: '2026-05-01T12:00:03Z', until: '2026-05-01T12:00:04Z' }).seconds,
    [3],
  );
  assert.deepEqual(ask(timeline, { until: '2026-05-01T12:00:02.500Z' }).seconds, [1]);
});

test('pages follow each other, also while more happens, and not into another life', () => {
  const timeline = keepTimeline('life', noon);
  for (let second = 0; second < 5; second++) timeline.add(entry(second));
  const first = ask(timeline, { limit: 2 });
  assert.deepEqual(first.seconds, [0, 1]);
  timeline.add(entry(5));
  const second = ask(timeline, { limit: 2, after: first.next ?? '' });
  const third = ask(timeline, { limit: 2, after: second.next ?? '' });
  assert.deepEqual([second.seconds, third.seconds, third.next], [[2, 3], [4, 5], null]);
  for (const after of ['other.3', 'life', 'life.', 'life.x', 'life.-1']) {
    const page = timeline.page({ after }, later);
    assert.equal('code' in page && page.code, 'request.invalid', after);
  }
  assert.deepEqual(ask(timeline, { after: 'life.99999' }).seconds, []);
});

test('what an earlier life left goes before, and only so much is remembered', () => {
  const timeline = keepTimeline('life', noon);
  timeline.add(entry(9));
  timeline.recall([entry(1), entry(2)]);
  assert.deepEqual(ask(timeline).seconds, [1, 2, 9]);
  assert.equal(ask(timeline).remembersSince, '2026-05-01T12:00:01.500Z');
  for (let i = 0; i < 20_000; i++) timeline.add(entry(30, { nth: i }));
  let count = 0;
  let next: string | null = '';
  for (let pages = 0; next !== null && pages < 20; pages++) {
    const page = ask(timeline, next === '' ? {} : { after: next });
    ({ next } = page);
    count += page.entries.length;
  }
  assert.ok(count >= 5000 && count <= 6000, `${count}`);
  assert.equal(ask(timeline).remembersSince, '2026-05-01T12:00:30.500Z');
});
