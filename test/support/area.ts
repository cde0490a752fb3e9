// What geography knows of a client, for one ordering step by itself.

import type { Place } from '../../src/model/place.ts';
import type { SteeringRule } from '../../src/model/settings.ts';
import type { Area } from '../../src/steering/step.ts';

interface AreaFacts extends Partial<Place> {
  readonly networkRule?: SteeringRule | undefined;
  readonly asn?: number;
  readonly network?: number;
}

/** A client at a place of which only so much is said, at 0, 0 and without words otherwise. */
export function areaIn(facts: AreaFacts = {}): Area {
  const { networkRule, asn = 0, network = 0, ...place } = facts;
  const coordinates = { latitude: 0, longitude: 0 };
  const whole = { country: '', subdivision: '', city: '', coordinates, radiusKm: 20, ...place };
  return { place: whole, networkRule, asn, network };
}

/** A client whose place nobody knows. */
export function areaNowhere(facts: Omit<AreaFacts, keyof Place> = {}): Area {
  return { ...areaIn(facts), place: undefined };
}
