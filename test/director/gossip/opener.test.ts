import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createOpener } from '../../../src/director/gossip/opener.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import type { Seal } from '../../../src/ports.ts';
import { sealedVote } from '../../support/gossip-stage.ts';

function countingSeal(): Seal & { verified: number } {
  const seal = createSeal(['secret']);
  const self = {
    verified: 0,
    sign: seal.sign,
    verify: (payload: string, mac: string) => {
      self.verified++;
      return seal.verify(payload, mac);
    },
  };
  return self;
}

describe('opening', () => {
  test('the same text is checked once, also when it comes from another board', () => {
    const seal = countingSeal();
    const open = createOpener(seal);
    const [first, second] = [sealedVote(1, 'up'), sealedVote(2, 'up')];
    const ballot = open('vote.a', first);
    assert.equal(open('vote.a', Buffer.from(first).toString()), ballot);
    assert.equal(seal.verified, 1);
    assert.notEqual(open('vote.a', second), ballot);
    assert.deepEqual(open('vote.a', first), ballot);
    assert.equal(seal.verified, 3);
  });

  test('what is refused is refused again, and takes no place', () => {
    const seal = countingSeal();
    const open = createOpener(seal);
    const good = sealedVote(1, 'up');
    open('vote.a', good);
    const forged = sealedVote(2, 'up', { secret: 'guess' });
    assert.equal(open('vote.a', forged), 'forged');
    assert.equal(open('vote.a', forged), 'forged');
    open('vote.a', good);
    assert.equal(seal.verified, 3);
  });

  test('more slots than are kept are opened all the same', () => {
    const open = createOpener(createSeal(['secret']));
    const text = sealedVote(1, 'up');
    for (let i = 0; i < 5000; i++) assert.notEqual(typeof open(`vote.${i}`, text), 'string');
  });
});
