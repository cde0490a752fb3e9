import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadGeolite } from '../../src/edge/geolite.ts';
import { formatName } from '../../src/model/name.ts';
import { type Coordinates, distanceKm } from '../../src/model/place.ts';
import type { RegionId } from '../../src/model/region.ts';
import { decide } from '../../src/steering/decide.ts';
import { explain } from '../../src/steering/explain.ts';
import type { Plan } from '../../src/steering/snapshot.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { type City, cities } from '../support/cities.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { aClient, aSnapshot, noon, planOf } from '../support/fleet.ts';

const settings = settingsOf(shippedText());
const atlas = await loadGeolite();
if ('code' in atlas) throw new Error(atlas.message);
const regions = [...settings.regions.values()];
const services = [...settings.services.values()];
const snapshot = aSnapshot({ regions, services, atlas });

/** The candidate with the shortest great circle to the city itself, wherever GeoIP puts it. */
function nearestTo(city: Coordinates, { service }: Plan): RegionId | undefined {
  return [...service.regions].sort((x, y) => kmTo(city, x) - kmTo(city, y))[0];
}

function kmTo(city: Coordinates, id: RegionId): number {
  const region = settings.regions.get(id);
  return region === undefined ? Number.POSITIVE_INFINITY : distanceKm(city, region.coordinates);
}

/** The region that a client in the city is sent to first, and what `explain` says of it. */
function told(plan: Plan, address: string): { first: RegionId | undefined; text: string } {
  const client = aClient(address);
  const decision = decide(plan, client, snapshot, noon);
  const trail = traceDecision(plan, client, snapshot, decision, noon);
  return { first: decision.regions[0], text: explain(decision, trail) };
}

function addressesOf(city: City): string[] {
  return city.address6 === undefined ? [city.address] : [city.address, city.address6];
}

describe('clients in the cities of the world', () => {
  test('are at least 40, and every region is nearest to some', () => {
    assert.ok(cities.length >= 40);
    const nearest = new Set(cities.map((city) => nearestTo(city, planOf(snapshot, 'www'))));
    assert.equal(nearest.size, regions.length);
  });

  for (const city of cities) {
    test(`${city.name} is sent to the nearest region, or told why not`, () => {
      for (const plan of snapshot.plans.values()) {
        const nearest = nearestTo(city, plan);
        for (const address of addressesOf(city)) {
          const { first, text } = told(plan, address);
          assert.ok(text.startsWith(`${formatName(plan.service.name)} → ${first}`), text);
          if (first === nearest) continue;
          const why = new RegExp(
            `a rule for .* prefers ${first}|the client's network falls to ${first}|` +
              `too vague to be sure that ${first} is nearer than ${nearest}`,
          );
          assert.match(text, why);
        }
      }
    });
  }

  test('are nearly all sent to the nearest region where distance alone counts', () => {
    const plan = planOf(snapshot, 'www');
    const asked = cities.flatMap((city) => addressesOf(city).map((address) => ({ city, address })));
    const hits = asked.filter(({ city, address }) => {
      return told(plan, address).first === nearestTo(city, plan);
    });
    assert.ok(hits.length >= 0.95 * asked.length, `${hits.length} of ${asked.length}`);
  });
});
