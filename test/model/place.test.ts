import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Coordinates, distanceKm } from '../../src/model/place.ts';

const at = (latitude: number, longitude: number): Coordinates => ({ latitude, longitude });

const dublin = at(53.3498, -6.2603);
const frankfurt = at(50.1109, 8.6821);
const tokyo = at(35.6762, 139.6503);
const portland = at(45.5152, -122.6784);
const sydney = at(-33.8688, 151.2093);
const santiago = at(-33.4489, -70.6693);

const anywhere = fc
  .tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  )
  .map(([latitude, longitude]) => at(latitude, longitude));

/** A second formula: the angle between two vectors from the centre of the Earth. */
function angleKm(from: Coordinates, to: Coordinates): number {
  const vector = ({ latitude, longitude }: Coordinates): readonly [number, number, number] => {
    const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [a, b] = [vector(from), vector(to)];
  const cross = Math.hypot(
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  );
  return 6371.0088 * Math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

describe('distance', () => {
  test('between cities is what maps say, within half a percent', () => {
    const known: readonly (readonly [Coordinates, Coordinates, number])[] = [
      [dublin, frankfurt, 1087],
      [tokyo, portland, 7801],
      [tokyo, sydney, 7819],
      [sydney, santiago, 11_347],
      [dublin, tokyo, 9600],
    ];
    for (const [from, to, km] of known) {
      assert.ok(Math.abs(distanceKm(from, to) - km) < km / 200, `${distanceKm(from, to)} ${km}`);
    }
  });

  test('is the length of the arc, which a second formula gives too', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (from, to) => {
        assert.ok(Math.abs(distanceKm(from, to) - angleKm(from, to)) < 0.01);
      }),
    );
  });

  test('is nothing to the same place and the same both ways', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (from, to) => {
        assert.equal(distanceKm(from, from), 0);
        assert.equal(distanceKm(from, to), distanceKm(to, from));
      }),
    );
  });

  test('to the other side of the Earth is half its circumference, and never more', () => {
    const half = Math.PI * 6371.0088;
    assert.ok(Math.abs(distanceKm(at(90, 0), at(-90, 0)) - half) < 0.001);
    assert.ok(Math.abs(distanceKm(at(0, 0), at(0, 180)) - half) < 0.001);
    fc.assert(fc.property(anywhere, anywhere, (x, y) => assert.ok(distanceKm(x, y) <= half)));
  });

  test('crosses the date line the short way', () => {
    const across = distanceKm(at(-17, 179), at(-17, -179));
    assert.ok(across > 210 && across < 215);
  });
});
