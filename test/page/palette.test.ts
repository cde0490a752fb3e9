import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  groundColour,
  looksOf,
  otherColour,
  outlineOf,
  regionColours,
} from '../../src/page/palette.ts';
import { contrastOf, differenceOf, visions } from '../support/colour.ts';

describe('the palette', () => {
  for (const [eyes, vision] of Object.entries(visions)) {
    test(`any two regions look different to a ${eyes}`, () => {
      const colours = [...regionColours, otherColour];
      for (const [i, one] of colours.entries()) {
        for (const other of colours.slice(i + 1)) {
          const difference = differenceOf(one, other, vision);
          assert.ok(difference >= 10, `${one} and ${other}: ${difference.toFixed(1)}`);
        }
      }
    });
  }

  test('stands out from the ground of maps as graphics must (WCAG 1.4.11)', () => {
    for (const colour of [...regionColours, otherColour, '#ff6b6b']) {
      const contrast = contrastOf(colour, groundColour);
      assert.ok(contrast >= 3, `${colour}: ${contrast.toFixed(2)}`);
    }
  });
});

test('no two of the first eight regions share a colour or a shape, and nobody a letter', () => {
  const names = Array.from({ length: 60 }, (_, i) => `r${i}`);
  const looks = [...looksOf(names).values()];
  const first = looks.slice(0, 8);
  assert.equal(new Set(first.map(({ colour }) => colour)).size, 8);
  assert.equal(new Set(first.map(({ shape }) => shape)).size, 8);
  assert.equal(new Set(looks.map(({ letter }) => letter)).size, 60);
  assert.deepEqual([looks[25]?.letter, looks[26]?.letter, looks[8]?.colour], ['Z', 'AA', 'cx']);
});

test('outlines are closed, around their point, and of about the same area', () => {
  for (let shape = 0; shape < 8; shape++) {
    const path = outlineOf(shape, 100, 200, 10);
    assert.match(path, /^M\d+ \d+l(?:-?\d+[ -]\d+[ -]?)+-?\d+z$|^M\d+ \d+l[-\d ]+z$/);
    const corners = cornersOf(path);
    const area = Math.abs(
      corners.reduce((sum, [x, y], i) => {
        const [nextX, nextY] = corners[(i + 1) % corners.length] ?? [0, 0];
        return sum + (x * nextY - nextX * y) / 2;
      }, 0),
    );
    assert.ok(area >= 300 && area <= 500, `${shape}: ${area}`);
    assert.ok(corners.every(([x, y]) => Math.abs(x - 100) <= 16 && Math.abs(y - 200) <= 16));
  }
});

function cornersOf(path: string): [number, number][] {
  const [x = 0, y = 0, ...steps] = [...path.matchAll(/-?\d+/g)].map(Number);
  const corners: [number, number][] = [[x, y]];
  for (let i = 0; i + 1 < steps.length; i += 2) {
    const [lastX, lastY] = corners.at(-1) ?? [0, 0];
    corners.push([lastX + (steps[i] ?? 0), lastY + (steps[i + 1] ?? 0)]);
  }
  return corners;
}
