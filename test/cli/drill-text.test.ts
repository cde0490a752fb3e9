import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeDrill, drillJson } from '../../src/cli/drill-text.ts';
import { aDrill } from '../support/comparison.ts';

describe('a drill in a terminal', () => {
  const lines = describeDrill(aDrill());

  test('draws the curve, with a character for each reason to be still there', () => {
    assert.match(lines[0] ?? '', /^How fast clients leave eu-west when the whole region is lost/);
    const plot = lines.filter((line) => line.includes('┤'));
    assert.equal(plot.length, 10);
    assert.match(plot[0] ?? '', /^100 % ┤█{9,}/);
    assert.match(plot[5] ?? '', /^ 50 % ┤█+▓+░+$/);
    const widths = plot.map((line) => line.length);
    assert.deepEqual(
      widths,
      widths.toSorted((one, other) => one - other),
      'it only falls',
    );
    const ticks = lines.find((line) => line.includes('10 min')) ?? '';
    assert.match(ticks, /^ {7}0 +10 s +1 min +2 min +5 min +10 min$/);
  });

  test('marks the cause among all, with the moments at which so many have left', () => {
    const marked = lines.filter((line) => line.startsWith('* '));
    assert.equal(marked.length, 1);
    assert.match(marked[0] ?? '', /^\* the whole region is lost.* 1 min 18 s +5 min 22 s$/);
    assert.match(lines.at(-1) ?? '', /6\.0 % for 1m, 2\.2 % for 5m, 0\.5 % for 1h; clients/);
  });

  test('says why nobody notices', () => {
    const silent = describeDrill({ ...aDrill(), unnoticed: 'No director notices: why' });
    assert.equal(silent[1], 'No director notices: why.');
  });
});

test('JSON has the curve by seconds, and numbers alone', () => {
  const json = JSON.parse(JSON.stringify(drillJson(aDrill()))) as Record<string, unknown>;
  const { seconds, remaining, holds } = json as {
    seconds: number[];
    remaining: number[];
    holds: Record<string, number[]>;
  };
  assert.deepEqual([seconds[0], seconds[120], seconds[121], seconds.at(-1)], [0, 120, 130, 3600]);
  assert.equal(remaining.length, seconds.length);
  assert.equal(remaining[0], 1);
  assert.deepEqual(Object.keys(holds), ['unnoticed', 'cached', 'overstayed', 'kept']);
  assert.deepEqual(json['left'], JSON.parse(JSON.stringify(aDrill().curve.left)));
});
