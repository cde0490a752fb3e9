// What every board does, whatever it is made of.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import type { Board } from '../../src/ports.ts';

export interface BoardStage {
  /** Two handles on one board, as two directors hold them; they may be the same. */
  readonly here: Board;
  readonly there: Board;
  /** Whether what one posts is hinted at the other; true when left out. */
  readonly hints?: boolean;
  /** Lets time pass, really or not. */
  readonly pass: (span: number) => Promise<unknown>;
}

/** `stage` opens a board that nobody else uses; the test closes the handles. */
export function testBoard(kind: string, stage: () => Promise<BoardStage>): void {
  const minute = millis(60_000);

  /** Passes time in small steps until the condition holds. */
  const until = async (
    { pass }: BoardStage,
    condition: () => boolean | Promise<boolean>,
  ): Promise<void> => {
    for (let step = 0; step < 500; step++) {
      if (await condition()) return;
      await pass(20);
    }
    assert.fail(`never came true: ${condition.toString()}`);
  };

  const onStage = (name: string, play: (stage: BoardStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, async () => {
      const opened = await stage();
      await using _here = opened.here;
      await using _there = opened.there;
      await play(opened);
    });
  };

  onStage('what one posts another reads, with the time it has left', async ({ here, there }) => {
    assert.deepEqual(await there.read(), new Map());
    await here.post('vote.a', 'up', minute);
    await here.post('vote.b', 'down', minute);
    const found = await there.read();
    assert.deepEqual(Array.from(found.keys()).sort(), ['vote.a', 'vote.b']);
    const posted = found.get('vote.a');
    assert.equal(posted?.value, 'up');
    assert.ok(posted.remaining > 0 && posted.remaining <= minute);
  });

  onStage('of some slots alone nothing else is found', async ({ here, there }) => {
    for (const slot of ['vote.a', 'vote.b', 'vote.c']) await here.post(slot, 'up', minute);
    await there.read();
    await here.post('vote.a', 'down', minute);
    const found = await there.read(new Set(['vote.a', 'vote.b', 'vote.x']));
    const values = Array.from(found, ([slot, { value }]) => `${slot} ${value}`).sort();
    assert.deepEqual(values, ['vote.a down', 'vote.b up']);
    assert.deepEqual(await there.read(new Set()), new Map());
  });

  onStage('posting again replaces the value and its life', async ({ here, there }) => {
    await here.post('vote.a', 'up', minute);
    await there.post('vote.a', 'down', millis(2 * 60_000));
    const posted = (await here.read()).get('vote.a');
    assert.equal(posted?.value, 'down');
    assert.ok(posted.remaining > minute);
  });

  onStage('a slot disappears by itself, and alone', async (opened) => {
    const { here, there } = opened;
    await here.post('brief', 'x', millis(40));
    await here.post('long', 'x', minute);
    await until(opened, async () => !(await there.read()).has('brief'));
    assert.deepEqual(Array.from((await there.read()).keys()), ['long']);
  });

  onStage('any text comes back as it was', async ({ here, there }) => {
    const texts = ['{"a":"b\\n"}', 'Überprüfung 東京 🛰', '\u0000\r\n$5\r\n', 'x'.repeat(100_000)];
    for (const [i, text] of texts.entries()) await here.post(`slot.${i}*:%"\\`, text, minute);
    const found = await there.read();
    for (const [i, text] of texts.entries()) {
      assert.equal(found.get(`slot.${i}*:%"\\`)?.value, text);
    }
  });

  onStage('every listener gets a hint when somebody posts', async (opened) => {
    const { here, there, hints = true } = opened;
    const heard = new Set<string>();
    here.onHint(() => heard.add('here'));
    there.onHint(() => heard.add('first there'));
    there.onHint((slot) => {
      // A connection that is new hints at no slot, because it may have missed any.
      if (slot !== undefined) heard.add(`there, of ${slot}`);
    });
    await until(opened, async () => {
      await here.post('vote.a', 'up', minute);
      return heard.size === (hints ? 3 : 0);
    });
    assert.equal(heard.has('there, of vote.a'), hints);
  });

  onStage('a quiet post is found, and hinted at nobody by itself', async (opened) => {
    const { here, there, pass } = opened;
    await here.post('vote.a', 'up', minute);
    // What came before has been hinted at, and what a new connection may have missed.
    await pass(500);
    let heard = 0;
    there.onHint(() => void heard++);
    await here.post('vote.a', 'up again', minute, true);
    await until(opened, async () => (await there.read()).get('vote.a')?.value === 'up again');
    await pass(100);
    assert.equal(heard, 0);
  });

  onStage('a closed board refuses calls and gives no more hints', async ({ here }) => {
    here.onHint(() => assert.fail('a hint from a closed board'));
    await here[Symbol.asyncDispose]();
    await assert.rejects(here.post('vote.a', 'up', minute), /closed/);
    await assert.rejects(here.read(), /closed/);
  });

  onStage('a board has a name for the log', async ({ here }) => {
    assert.match(here.name, /^((peer|cluster|sentinel [\w-]+) )?[\w.:-]+$/);
  });
}
