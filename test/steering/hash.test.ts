import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ipv4 } from '../../src/model/ip.ts';
import { hashNetwork, hashText, mixHash, pickLength } from '../../src/steering/hash.ts';
import { anIp } from '../support/fleet.ts';
import { arbitraryIp, splice } from '../support/random-fleet.ts';

describe('hashes', () => {
  test('of text are FNV-1a, by its published vectors', () => {
    assert.equal(hashText(''), 0x811c9dc5);
    assert.equal(hashText('a'), 0xe40c292c);
    assert.equal(hashText('foobar'), 0xbf9cf968);
  });

  // Directors of different versions must draw alike, so these numbers must never change.
  test('of networks are fixed for ever', () => {
    assert.equal(mixHash(1, 2), 4_080_847_564);
    assert.equal(hashNetwork(anIp('8.8.8.8')), 311_762_085);
    assert.equal(hashNetwork(anIp('2001:db8::1')), 3_311_709_444);
  });

  test('are 32-bit words', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), arbitraryIp(), (text, n, ip) => {
        for (const hash of [hashText(text), mixHash(n, n >>> 3), hashNetwork(ip)]) {
          assert.equal(hash, hash >>> 0);
        }
      }),
    );
  });

  test('are one for a whole network of the pick length, and no longer', () => {
    assert.equal(hashNetwork(anIp('8.8.0.0')), hashNetwork(anIp('8.8.15.255')));
    assert.notEqual(hashNetwork(anIp('8.8.0.0')), hashNetwork(anIp('8.8.16.0')));
    assert.equal(hashNetwork(anIp('2600:0:f::')), hashNetwork(anIp('2600:0:0::')));
    assert.notEqual(hashNetwork(anIp('2600:0:10::')), hashNetwork(anIp('2600::')));
    fc.assert(
      fc.property(arbitraryIp(), arbitraryIp(), (ip, other) => {
        fc.pre(ip.family === other.family);
        const neighbour = splice(ip, other, pickLength(ip.family));
        assert.equal(hashNetwork(neighbour), hashNetwork(ip));
      }),
    );
  });

  test('tell every IPv4 network from every other', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 2 ** 20; n++) seen.add(hashNetwork(ipv4(n << 12)));
    assert.equal(seen.size, 2 ** 20);
  });

  test('of neighbouring words differ in about half of their bits', () => {
    let flipped = 0;
    for (let n = 0; n < 10_000; n++) {
      const bit = 1 << (n % 32);
      let difference = mixHash(n, 7) ^ mixHash(n ^ bit, 7);
      for (; difference !== 0; difference &= difference - 1) flipped++;
    }
    const mean = flipped / 10_000;
    assert.ok(mean > 14 && mean < 18, `${mean} of 32 bits on average`);
  });
});
