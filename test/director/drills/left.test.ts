// A drill whose director ended before it: what it left in force, and who takes it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDisk } from '../../scenario/director.ts';
import { begin, drained, everyone, fleet, pass, reportOf } from '../../support/drill-fleet.ts';

test('its director starts anew, and its last word is taken back by whoever aborts it', async () => {
  const disk = createDisk();
  const stages = await fleet({ disk });
  const { id } = reportOf(await begin(stages, { steps: [{ share: 1, hold: '1h' }] }));
  await pass(stages.clock, 33_000, everyone(stages));
  const dead = new Promise<never>(() => undefined);
  Object.assign(stages.eu.control, { add: () => dead, end: () => dead });
  const eu = stages.anew(disk.files.get('drills'));
  const all = [eu, stages.us, stages.ap];
  await pass(stages.clock, 5000, all);
  assert.deepEqual(drained(all), [1, 1, 1]);
  const restarted = reportOf(eu.api.drill(id));
  const elsewhere = await stages.us.api.abortDrill(id, 'bob');
  assert.ok('code' in elsewhere && elsewhere.code === 'drill.unknown');
  assert.match(
    elsewhere.message,
    /drains eu until .*: ask eu, .* or `meridian undrain eu` ends its word/,
  );
  const abort = async (actor: string) => {
    const aborting = eu.api.abortDrill(id, actor);
    await pass(stages.clock, 2000, all);
    return reportOf(await aborting);
  };
  const aborted = await abort('bob');
  assert.deepEqual(drained(all), [undefined, undefined, undefined]);
  assert.equal(aborted.abort?.code, 'asked');
  assert.match(aborted.abort.message, /^by bob, /);
  assert.ok(Date.parse(aborted.until) > Date.parse(restarted.until));
  assert.deepEqual(await abort('carol'), aborted);
});
