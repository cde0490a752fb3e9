import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Command, exits, runCommand, textOption, usageOf } from '../../src/cli/command.ts';
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

  test('whatever a command says at once is one line, and moves no cursor', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const talk: Command = {
      ...greet,
      run: async (_words, _options, io) => {
        for (const tell of [io.out, io.err, io.gauge]) tell?.('a\u001B[2J\nb\u202Ec');
        throw new FaultError({ code: 'region.unknown', message: 'no \u009Bmars' });
      },
    };
    const { signal } = new AbortController();
    assert.equal(
      await runCommand(talk, ['you'], { out: say, err: say, gauge: say, env: {}, signal }),
      1,
    );
    const told = String.raw`a\u{1b}[2J\u{a}b\u{202e}c`;
    assert.deepEqual(lines, [told, told, told, String.raw`no \u{9b}mars (region.unknown)`]);
  });

  test('usage of several lines stays several lines', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const { signal } = new AbortController();
    const twofold = { ...greet, usage: 'NAME\n  [--loud]' };
    assert.equal(await runCommand(twofold, [], { out: say, err: say, env: {}, signal }), 2);
    assert.deepEqual(lines, ['Usage: meridian greet NAME', '  [--loud]']);
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
  assert.deepEqual(usageOf({ ...greet, usage: '' }), ['Usage: meridian greet']);
});
