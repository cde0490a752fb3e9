import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { placeOf } from '../../src/model/atlas.ts';
import { scopeOf, valueOf } from '../../src/model/ranges.ts';
import { share, sharedWords } from '../../src/model/shared.ts';
import { seedAt } from '../../src/steering/seeds.ts';
import { anAtlas } from '../support/atlas.ts';
import type { Found, Posted } from '../support/atlas-thread.ts';
import { anIp, aRegion, aService, compileToEnd } from '../support/fleet.ts';

describe('memory that threads share', () => {
  test('begins with zeros, and a copy in it is equal', () => {
    assert.deepEqual(sharedWords(3), Uint32Array.of(0, 0, 0));
    for (const array of [Uint8Array.of(1), Uint16Array.of(1, 2), Int32Array.of(-1)]) {
      assert.deepEqual(share<Uint8Array | Uint16Array | Int32Array>(array), array);
    }
    assert.ok(share(Uint8Array.of(1)).buffer instanceof SharedArrayBuffer);
  });

  test('an atlas and a map are the same for a thread that they were posted to, and not copied', async () => {
    const regions = [
      aRegion('dublin', { latitude: 53, longitude: -6 }),
      aRegion('tokyo', { latitude: 36, longitude: 140 }),
    ];
    const atlas = anAtlas(
      [
        { prefix: '81.0.0.0/8', country: 'FR', lat: 49, lon: 2, city: 'Orléans' },
        { prefix: '2400::/12', country: 'JP', lat: 35, lon: 135, subdivision: '27' },
      ],
      [{ prefix: '81.0.0.0/8', asn: 64500 }],
    );
    const service = aService({ regions });
    const map = compileToEnd(service, new Map(regions.map((each) => [each.id, each])), atlas);
    const clients = ['81.2.3.4', '2400:1::1', '9.9.9.9', '10.0.0.1', '::1'].map(anIp);
    const posted: Posted = { atlas, areas: new Map([['one', map]]), clients };
    const here = clients.map((client) => ({
      place: placeOf(atlas, client),
      seed: seedAt(map.seeds, valueOf(map.ranges, client)),
      scope: scopeOf(map.ranges, client),
    }));
    const arrays = arraysIn(posted);
    assert.ok(arrays.length > 15);
    for (const { buffer } of arrays) assert.ok(buffer instanceof SharedArrayBuffer);

    const thread = new Worker(new URL('../support/atlas-thread.ts', import.meta.url));
    thread.postMessage(posted, []);
    const [there] = (await once(thread, 'message')) as [Found[]];
    await thread.terminate();

    assert.deepEqual(there, here);
    assert.equal(atlas.countries[1], 0, 'what the thread wrote is seen here');
  });
});

/** Every typed array somewhere in a value. */
function arraysIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(arraysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(arraysIn);
}
