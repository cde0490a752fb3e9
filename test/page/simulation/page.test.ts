import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { simulationPage } from '../../../src/page/simulation/page.ts';
import { aComparison, aDrill, aReport, places } from '../../support/comparison.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
const page = simulationPage(aReport(), digest);

describe('the page of a simulation', () => {
  test('tells the change, the shares, the loads and the curve in words and tables', () => {
    assert.match(page, /<title>Simulation: eu-west is lost<\/title>/);
    assert.match(page, /over capacity/);
    assert.match(page, /How fast clients leave eu-west/);
    assert.match(page, /5,400,000,000 clients/);
    for (const id of places.keys()) assert.ok(page.includes(`<span>${id}`), id);
    for (const table of [
      'Who moves',
      'What it costs',
      'Countries by their clients',
      'Step by step',
    ]) {
      assert.ok(page.includes(`<caption>${table}`), table);
    }
  });

  test('holds no figure that is none', () => {
    assert.doesNotMatch(page, /NaN|undefined|Infinity|\[object/);
  });

  test('without a load, a drill or anybody it is still a page', () => {
    const whole = aComparison();
    const empty = { ...whole, load: undefined, services: [], regions: [] };
    const text = simulationPage(aReport({ comparison: empty, drill: undefined }), digest);
    assert.doesNotMatch(text, /NaN|undefined|Infinity|How fast/);
    assert.ok(text.endsWith('</html>\n'));
    const bare = whole.services.map((service) => ({
      ...service,
      cells: [],
      countries: [],
      moves: [],
    }));
    const quiet = simulationPage(aReport({ comparison: { ...whole, services: bare } }), digest);
    assert.match(quiet, /Nobody moves\./);
    assert.doesNotMatch(quiet, /NaN|Infinity/);
  });

  test('a drill that nobody notices says so', () => {
    const drill = aDrill();
    const never = {
      earliest: Number.POSITIVE_INFINITY,
      median: Number.POSITIVE_INFINITY,
      latest: Number.POSITIVE_INFINITY,
    };
    const curve = {
      ...drill.curve,
      doubted: never,
      moved: never,
      left: { 50: undefined, 90: undefined, 99: undefined },
    };
    const text = simulationPage(aReport({ drill: { ...drill, curve } }), digest);
    assert.match(text, /never/);
    assert.match(text, /&gt; 1 h/);
    assert.doesNotMatch(text, /NaN|Infinity/);
  });

  test('names are text, whoever wrote them', () => {
    const evil = `"><script>alert(1)</script><svg onload='x'>`;
    const rename = (text: string): string =>
      text.replaceAll(/eu-west|www\.example\.test|Dublin|AS64496/g, evil);
    const walk = (value: unknown): unknown => {
      if (typeof value === 'string') return rename(value);
      if (Array.isArray(value)) return value.map(walk);
      if (value instanceof Map)
        return new Map([...value].map((pair) => walk(pair) as [unknown, unknown]));
      if (typeof value !== 'object' || value === null || value instanceof Float64Array)
        return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)]));
    };
    const text = simulationPage(walk(aReport()) as ReturnType<typeof aReport>, digest);
    assert.ok(text.includes('&lt;script&gt;'));
    assert.doesNotMatch(text, /<script|<svg onload/);
  });
});
