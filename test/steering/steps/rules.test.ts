import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RegionId } from '../../../src/model/region.ts';
import type { SteeringRule } from '../../../src/model/settings.ts';
import type { Area } from '../../../src/steering/step.ts';
import { prepareRules } from '../../../src/steering/steps/rules.ts';
import { aPrefix } from '../../support/fleet.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

function aRule(prefer: string, facts: Partial<SteeringRule> = {}): SteeringRule {
  return { networks: [], countries: [], prefer: prefer.split(' ') as RegionId[], ...facts };
}

function areaIn(country: string, networkRule?: SteeringRule): Area {
  return { place: { country, coordinates: { latitude: 0, longitude: 0 } }, networkRule };
}

/** The order after the rules, and what the step says. */
function ordered(
  rules: readonly SteeringRule[],
  area: Area,
  tiers = 'ash = birch = cedar',
): readonly [string, string] {
  const step = prepareRules(rules);
  const before = readTiers(tiers);
  const after = step.apply(before, area);
  return [tellTiers(after), step.describe(before, after, area)];
}

describe('step rules', () => {
  const swiss = aRule('birch', { countries: ['CH', 'AT'] });
  const office = aRule('cedar ash', { networks: [aPrefix('8.8.4.0/24')] });

  test('leaves clients alone that no rule is about', () => {
    const plain = ['ash = birch = cedar', 'no rule is about this client'];
    assert.deepEqual(ordered([swiss, office], areaIn('FR')), plain);
    assert.deepEqual(ordered([swiss], areaIn('')), plain);
    assert.deepEqual(ordered([swiss], { place: undefined, networkRule: undefined }), plain);
  });

  test('puts the regions preferred for a country first', () => {
    assert.deepEqual(ordered([office, swiss], areaIn('AT')), [
      'birch > ash = cedar',
      'a rule for AT prefers birch',
    ]);
  });

  test('a rule for the network comes before every rule for the country', () => {
    assert.deepEqual(ordered([swiss, office], areaIn('CH', office)), [
      'cedar > ash > birch',
      "a rule for the client's network prefers cedar, then ash",
    ]);
  });

  test('a network is enough where the place is not known', () => {
    const [order] = ordered([office], { place: undefined, networkRule: office });
    assert.equal(order, 'cedar > ash > birch');
  });

  test('of two rules for a country the first listed counts', () => {
    const [order] = ordered([swiss, aRule('cedar', { countries: ['CH'] })], areaIn('CH'));
    assert.equal(order, 'birch > ash = cedar');
  });

  test('prefers nothing that is not a candidate, and no region twice', () => {
    const [order] = ordered([aRule('oak birch birch', { countries: ['CH'] })], areaIn('CH'));
    assert.equal(order, 'birch > ash = cedar');
  });

  test('leaves no empty tier when every candidate is preferred', () => {
    const rule = aRule('cedar birch ash', { countries: ['CH'] });
    assert.equal(ordered([rule], areaIn('CH'))[0], 'cedar > birch > ash');
  });

  test('splits tiers and never joins them', () => {
    const rule = aRule('cedar', { countries: ['CH'] });
    assert.equal(
      ordered([rule], areaIn('CH'), 'ash = birch > cedar = elm')[0],
      'ash = birch > cedar > elm',
    );
  });
});
