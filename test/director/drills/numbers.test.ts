// Numbers that end a drill, at a director: read before it begins and while it goes on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DrillRequest } from '../../../src/model/drill.ts';
import type { Sample } from '../../../src/model/health.ts';
import type { HttpProbe } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import type { Probe } from '../../../src/ports.ts';
import {
  begin,
  drained,
  everyone,
  fleet,
  pass,
  reportOf,
  request,
} from '../../support/drill-fleet.ts';

const errors = { http: 'http://192.0.2.1/metrics', metric: 'errors', above: 5 } as const;

const limited = (change: object = {}): Partial<DrillRequest> => ({
  abortIf: { numbers: [{ ...errors, ...change }] },
});

/** A page that tells whatever `page.value` is, and nothing while that is undefined. */
function pageOf(first: number | undefined) {
  const page = { value: first, asked: 0, isCounter: false };
  const probe: Probe<HttpProbe> = async (): Promise<Sample> => {
    page.asked++;
    const latency = millis(1);
    if (page.value === undefined)
      return { isHealthy: false, latency, reason: 'status 302, want 200' };
    const told = { as: 'number', value: page.value, isCounter: page.isCounter } as const;
    return { isHealthy: true, latency, reason: '', told: [told] };
  };
  return { page, probe };
}

describe('a number that a drill reads', () => {
  test('ends it and brings everybody back', async () => {
    const { page, probe } = pageOf(1);
    const stages = await fleet({ probe });
    const { id } = reportOf(await begin(stages, limited({ for: '5s' })));
    await pass(stages.clock, 33_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [0.25, 0.25, 0.25]);
    page.value = 7;
    await pass(stages.clock, 4000, everyone(stages));
    assert.equal(reportOf(stages.eu.api.drill(id)).abort, null, 'not for long enough yet');
    await pass(stages.clock, 8000, everyone(stages));
    const report = reportOf(stages.eu.api.drill(id));
    assert.equal(report.abort?.code, 'number');
    const [number] = report.numbers;
    assert.deepEqual([number?.before, number?.last, number?.worst], [1, 7, 7]);
    await pass(stages.clock, 1000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
    const { asked } = page;
    await pass(stages.clock, 20_000, everyone(stages));
    assert.equal(page.asked, asked, 'nobody asks once it is over');
  });

  test('is a rate where it is a counter', async () => {
    const { page, probe } = pageOf(1_000_000);
    page.isCounter = true;
    const stages = await fleet({ probe });
    const { id } = reportOf(await begin(stages, limited()));
    for (let i = 0; i < 10; i++) {
      await pass(stages.clock, 1000, everyone(stages));
      page.value = (page.value ?? 0) + 2;
    }
    assert.equal(reportOf(stages.eu.api.drill(id)).abort, null);
    assert.equal(reportOf(stages.eu.api.drill(id)).numbers[0]?.last, 2);
    page.value = (page.value ?? 0) + 1000;
    await pass(stages.clock, 6000, everyone(stages));
    assert.equal(reportOf(stages.eu.api.drill(id)).abort?.code, 'number');
  });

  test('ends it where it is silent for long, and does not where the plan says so', async () => {
    const { page, probe } = pageOf(1);
    const stages = await fleet({ probe });
    const { id } = reportOf(await begin(stages, limited()));
    page.value = undefined;
    await pass(stages.clock, 26_000, everyone(stages));
    const { abort } = reportOf(stages.eu.api.drill(id));
    assert.equal(abort?.code, 'blind');
    assert.match(abort?.message ?? '', /status 302, want 200$/);

    const patient = pageOf(undefined);
    const others = await fleet({ probe: patient.probe });
    const kept = reportOf(await begin(others, limited({ onSilence: 'continue' })));
    await pass(others.clock, 75_000, everyone(others));
    const report = reportOf(others.eu.api.drill(kept.id));
    assert.equal(report.phase, 'done');
    assert.ok((report.numbers[0]?.failures ?? 0) > 10);
  });
});

describe('no drill begins', () => {
  for (const [what, value, words] of [
    ['while its number lies beyond', 9, /is at 9, above 5/],
    ['while its number cannot be read', undefined, /cannot be read: status 302/],
  ] as const) {
    test(what, async () => {
      const { probe } = pageOf(value);
      const answer = await begin(await fleet({ probe }), limited());
      assert.ok('code' in answer);
      assert.equal(answer.code, 'drill.refused');
      assert.match(answer.message, words);
    });
  }

  test('twice while numbers are read for the first time', async () => {
    const { probe } = pageOf(1);
    const stages = await fleet({ probe });
    const both = [1, 2].map(() => stages.eu.api.startDrill({ ...request, ...limited() }));
    await stages.clock.advance(100);
    const [one, other] = await Promise.all(both);
    assert.ok(one !== undefined && 'phase' in one);
    assert.ok(other !== undefined && 'code' in other && other.code === 'drill.busy');
  });

  test('at a director that stops while it reads', async () => {
    const stages = await fleet({ probe: () => new Promise(() => undefined) });
    let answer: unknown;
    void stages.eu.api.startDrill({ ...request, ...limited() }).then((said) => (answer = said));
    await stages.eu[Symbol.asyncDispose]();
    assert.equal(answer, undefined);
    assert.deepEqual(stages.eu.api.drills(), []);
  });
});
