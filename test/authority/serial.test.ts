// Serial numbers: they go round in a circle (RFC 1982), and never back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isLater, serialAfter, serialOf, withSerial } from '../../src/authority/serial.ts';
import { settingsOf } from '../support/config.ts';

const serial = fc.nat(0xffff_ffff);

describe('a serial', () => {
  test('comes after one that it was counted up from, by less than half the circle', () => {
    fc.assert(
      fc.property(serial, fc.integer({ min: 1, max: 0x7fff_ffff }), (from, by) => {
        const to = (from + by) >>> 0;
        assert.ok(isLater(to, from));
        assert.ok(!isLater(from, to));
      }),
    );
  });

  test('does not come after itself, nor after its opposite', () => {
    assert.ok(!isLater(5, 5));
    assert.ok(!isLater(0x8000_0000, 0));
    assert.ok(!isLater(0, 0x8000_0000));
  });

  test('is the wanted one if that is later, else the next, and always later', () => {
    assert.equal(serialAfter(10, 20), 20);
    assert.equal(serialAfter(20, 10), 21);
    assert.equal(serialAfter(0xffff_ffff, 0xffff_ffff), 0);
    fc.assert(
      fc.property(serial, serial, (last, wanted) => isLater(serialAfter(last, wanted), last)),
    );
  });
});

test('a zone with another serial says so in octets and in words, and nothing else changes', () => {
  const [zone] = settingsOf().zones;
  assert.ok(zone);
  const other = withSerial(zone, 4_294_967_295);
  assert.equal(serialOf(other), 4_294_967_295);
  const [was, is] = [zone.soa.data[0]?.text ?? '', other.soa.data[0]?.text];
  assert.equal(is, was.replace(String(serialOf(zone)), '4294967295'));
  assert.deepEqual(withSerial(other, serialOf(zone)), zone);
});
