import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { roomIn, type Vessel } from '../../src/health/room.ts';
import { memory } from '../../src/health/shed.ts';

const settings = { low: 0.7, high: 0.9 };

function aVessel(load: number | undefined, facts: Partial<Vessel['shedding']> = {}): Vessel {
  return { size: 1, settings, shedding: { load, reports: memory, inForce: 0, moved: 0, ...facts } };
}

/** Rounded to hundredths. */
const room = (...vessels: Vessel[]): number => Math.round(100 * roomIn(vessels)) / 100;

describe('the room of a fleet', () => {
  test('is what idle regions lack to half-way between the watermarks, in what busy ones have too much', () => {
    assert.equal(room(aVessel(1.2), aVessel(0.7)), 0.25);
    assert.equal(room(aVessel(1.2), aVessel(1.2), aVessel(0.4)), 0.5);
    assert.equal(room(aVessel(1.2), { ...aVessel(0.7), size: 2 }), 0.5);
    assert.equal(room(aVessel(1), aVessel(0.1)), 1);
  });

  test('is none where all are busy, or nobody is', () => {
    assert.equal(room(aVessel(1.2), aVessel(0.85)), 0);
    assert.equal(room(aVessel(0.2), aVessel(0.3)), 0);
    assert.equal(room(), 0);
  });

  test('is not in a region that passes clients on itself, or should say how busy it is and does not', () => {
    assert.equal(room(aVessel(1.2), aVessel(0.2, { inForce: 0.1 })), 0);
    assert.equal(room(aVessel(1.2), aVessel(undefined)), 0);
  });

  test('is without bounds in a region of which nobody wants to know', () => {
    assert.equal(room(aVessel(1.2), { ...aVessel(undefined), settings: undefined }), 1);
  });

  test('shrinks by what has been passed on of late, until new reports can tell of it', () => {
    const others = [aVessel(1.2), aVessel(0.4)];
    assert.equal(
      room(...others, aVessel(undefined, { reports: 0, inForce: 0.2, moved: 0.3 })),
      0.25,
    );
    assert.equal(room(...others, aVessel(0.8, { inForce: 0.2, moved: 0.3 })), 1);
    assert.equal(room(...others, aVessel(undefined, { reports: 0, inForce: 0.2, moved: 3 })), 0);
  });
});
