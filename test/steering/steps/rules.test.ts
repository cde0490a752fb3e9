import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RegionId } from '../../../src/model/region.ts';
import type { SteeringRule } from '../../../src/model/settings.ts';
import type { Area } from '../../../src/steering/step.ts';
import { prepareRules } from '../../../src/steering/steps/rules.ts';
import { areaIn as anyArea, areaNowhere } from '../../support/area.ts';
import { aPrefix } from '../../support/fleet.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

function aRule(prefer: string, facts: Partial<SteeringRule> = {}): SteeringRule {
  return { networks: [], countries: [], prefer: prefer.split(' ') as RegionId[], ...facts };
}

function areaIn(country: string, networkRule?: SteeringRule): Area {
  return anyArea({ country, networkRule });
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
    assert.deepEqual(ordered([swiss], areaNowhere()), plain);
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
    const [order] = ordered([office], areaNowhere({ networkRule: office }));
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

  const coast = aRule('cedar', { subdivisions: ['US-CA', 'US-OR'] });
  const states = aRule('birch', { countries: ['US'] });
  const europe = aRule('ash', { continents: ['EU'] });
  const carrier = aRule('cedar birch', { asns: [64_500, 64_501] });

  test('the more specific area counts, however the rules are listed', () => {
    const rules = [europe, aRule('cedar', { continents: ['NA'] }), states, coast];
    const inState = (subdivision: string): string =>
      ordered(rules, anyArea({ country: 'US', subdivision }))[1];
    assert.equal(inState('CA'), 'a rule for US-CA prefers cedar');
    assert.equal(inState('NY'), 'a rule for US prefers birch');
    assert.equal(ordered(rules, areaIn('CA'))[1], 'a rule for North America prefers cedar');
    assert.equal(ordered(rules, areaIn('PT'))[1], 'a rule for Europe prefers ash');
    assert.equal(ordered(rules, areaIn('JP'))[1], 'no rule is about this client');
  });

  test('an autonomous system comes before every area, and a network before that', () => {
    const rules = [states, coast, carrier, office];
    const at = { country: 'US', subdivision: 'CA', asn: 64_501 };
    assert.deepEqual(ordered(rules, anyArea(at)), [
      'cedar > birch > ash',
      'a rule for AS64501 prefers cedar, then birch',
    ]);
    const inOffice = anyArea({ ...at, networkRule: office });
    assert.match(ordered(rules, inOffice)[1], /the client's network/);
    assert.equal(ordered(rules, areaNowhere({ asn: 64_500 }))[0], 'cedar > birch > ash');
  });

  test('looks at subdivisions only in countries of which it names some', () => {
    assert.deepEqual(prepareRules([states, coast]).detail, { countries: new Set(['US']) });
    assert.deepEqual(prepareRules([states, europe]).detail, { countries: new Set() });
  });
});
