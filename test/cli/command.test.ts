import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Command, exits, textOption, usageOf } from '../../src/cli/command.ts';
import { FaultError } from '../../src/model/fault.ts';
import { runIn } from '../support/terminal.ts';

const greet: Command = {
  name: 'greet',
  usage: 'NAME [--loud]',
  summary: 'Say hello.',
  options: { loud: { type: 'boolean' } },
  words: [1, 1],
  run: async ([name], options, io) => {
    io.out(`hello ${name}${options['loud'] === true ? '!' : ''}`);
    return exits.fine;
  },
};

describe('runCommand', () => {
  test('hands over words and options', async () => {
    assert.deepEqual(await runIn(greet, ['you', '--loud']), {
      code: 0,
      out: 'hello you!',
      err: '',
    });
  });

  test('too few or too many words are wrong usage', async () => {
    for (const args of [[], ['a', 'b']]) {
      const run = await runIn(greet, args);
      assert.equal(run.code, 2);
      assert.equal(run.err, 'Usage: meridian greet NAME [--loud]');
    }
  });

  test('an unknown option is wrong usage and is named', async () => {
    const run = await runIn(greet, ['you', '--quiet']);
    assert.equal(run.code, 2);
    assert.match(run.err, /--quiet/);
  });

  test('--help prints what it does', async () => {
    const run = await runIn(greet, ['--help']);
    assert.equal(run.code, 0);
    assert.match(run.out, /Say hello\.\n\nUsage: meridian greet/);
  });

  test('a fault becomes one line and exit code 1', async () => {
    const fail = async (): Promise<number> => {
      throw new FaultError({ code: 'region.unknown', message: 'there is no region "mars"' });
    };
    const run = await runIn({ ...greet, run: fail }, ['you']);
    assert.deepEqual(run, { code: 1, out: '', err: 'there is no region "mars" (region.unknown)' });
  });

  test('what is not a fault is not hidden', async () => {
    const fail = async (): Promise<number> => {
      throw new TypeError('a mistake');
    };
    await assert.rejects(runIn({ ...greet, run: fail }, ['you']), /a mistake/);
  });
});

test('textOption takes a text or the default', () => {
  assert.equal(textOption({ config: 'x.yaml' }, 'config', 'y.yaml'), 'x.yaml');
  assert.equal(textOption({}, 'config', 'y.yaml'), 'y.yaml');
});

test('usageOf leaves no space at the end', () => {
  assert.equal(usageOf({ ...greet, usage: '' }), 'Usage: meridian greet');
});
