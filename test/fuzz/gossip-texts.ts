// Texts of the fleet: ballots from boards and peers, and what a director kept on its own disk.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeBallot, encodeBallot } from '../../src/director/gossip/ballot.ts';
import { decodeMemory, encodeMemory } from '../../src/director/gossip/memory.ts';
import { decodeVerdicts, encodeVerdicts } from '../../src/director/verdicts.ts';
import { millis } from '../../src/model/time.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { readState, writeState } from '../../src/edge/state-text.ts';
import type { Target } from './targets.ts';

const seal = createSeal(['a secret of the fleet']);

export const jsonWords = [
  'null',
  '-1',
  '1e999',
  '1e308',
  '0.1',
  '[]',
  '{}',
  '[[[[[[[[',
  '"__proto__"',
  '"constructor":',
  '"\\u0000"',
  '"\\ud800"',
  '\u{1f600}',
  '9007199254740993',
  '"down"',
  'true',
  ',',
  ':',
].map((word) => Buffer.from(word));

const report =
  '{"age":10,"lifetime":50000,"report":{"region":"eu","name":"shop","state":"up","load":0.5,' +
  '"connections":12,"reason":"","span":45000,"clock":[1767225600000,1,"eu-1"]}}';

/** With the fleet's seal on whatever they say: a faulty director, or a secret that was lost. */
export function ballots(): Target {
  const released = readFileSync(
    new URL('../support/released-ballots.txt', import.meta.url),
    'utf8',
  );
  const payloads = released
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1));
  return {
    name: 'ballots',
    from: 'the fleet',
    corpus: [...payloads, report].map((payload) => Buffer.from(payload)),
    words: jsonWords,
    inputs: 2000,
    longest: 300_000,
    feed(input) {
      const text = Buffer.from(input).toString();
      const unsealed = decodeBallot(text, seal);
      assert.equal(typeof unsealed, 'string', 'a ballot without a seal');
      const ballot = decodeBallot(`${seal.sign(text)} ${text}`, seal);
      if (typeof ballot === 'string') return ballot;
      const again = decodeBallot(encodeBallot(ballot, seal), seal);
      assert.deepEqual(again, ballot, 'what was read can be passed on');
      return ballot.kind;
    },
  };
}

export function stateFiles(): Target {
  const memory = encodeMemory({
    marks: new Map([['eu-1', { incarnation: 5, sequence: 7 }]]),
    registers: [],
    reports: [],
    savedAt: undefined,
  });
  const verdicts = encodeVerdicts({ epoch: 7, health: new Map() }, millis(0));
  const kept = '{"epoch":9,"regions":[["eu","up",1767225600000],["us","down",1767225600000]]}';
  const texts = [memory, verdicts, kept];
  return {
    name: 'state files',
    from: 'the fleet',
    corpus: [...texts, ...texts.map((text) => writeState({ text, incarnation: 3 }))].map((text) =>
      Buffer.from(text),
    ),
    words: jsonWords,
    inputs: 2000,
    longest: 65_536,
    feed(input) {
      const text = Buffer.from(input).toString();
      const state = readState(text);
      const read = [decodeMemory(text) && 'memory', decodeVerdicts(text, millis(0)) && 'verdicts'];
      return (
        [state && 'whole', ...read].filter((word) => word !== undefined).join(' ') || 'nothing'
      );
    },
  };
}
