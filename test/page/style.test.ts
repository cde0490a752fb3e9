import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dark, layerColours, light, styleSheet } from '../../src/page/style.ts';
import { contrastOf, differenceOf, visions } from '../support/colour.ts';

describe('the style sheet', () => {
  for (const [name, scheme] of Object.entries({ light, dark })) {
    test(`text on ${name} pages has a contrast of at least 4.5`, () => {
      for (const text of [scheme.ink, scheme.quiet, scheme.warning, scheme.link]) {
        for (const ground of [scheme.paper, scheme.card]) {
          const contrast = contrastOf(text, ground);
          assert.ok(contrast >= 4.5, `${text} on ${ground}: ${contrast.toFixed(2)}`);
        }
      }
      assert.ok(contrastOf(scheme.past, scheme.card) >= 3, 'bars are graphics');
    });
  }

  test('layers that lie on one another look different to everybody', () => {
    for (const vision of Object.values(visions)) {
      for (const [i, layer] of layerColours.slice(1).entries()) {
        assert.ok(differenceOf(layer, layerColours[i] ?? '', vision) >= 10, layer);
      }
    }
  });

  test('fetches nothing, and no text is smaller than 12 px', () => {
    assert.doesNotMatch(styleSheet, /url\(|@import|@font-face|http/);
    for (const [, size] of styleSheet.matchAll(/font(?:-size)?:(?:clamp\()?(\d+)px/g)) {
      assert.ok(Number(size) >= 12, `${size} px`);
    }
  });

  test('knows paper and both schemes', () => {
    assert.match(styleSheet, /@media\(prefers-color-scheme:dark\)/);
    assert.match(styleSheet, /@media print/);
  });
});
