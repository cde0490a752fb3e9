import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeMoves } from '../../src/compose/moves.ts';
import { createSnapshotCell } from '../../src/director/snapshot.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { Approval } from '../../src/model/reload.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { ReloadLimit, Settings } from '../../src/model/settings.ts';
import { anAtlas } from '../support/atlas.ts';
import { groundOf } from '../support/director-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, downHealth, noon, upHealth } from '../support/fleet.ts';

const dublin = aRegion('dublin', { latitude: 53, longitude: -6 });
const ashburn = aRegion('ashburn', { latitude: 39, longitude: -77 });
/** Of the internet's users as they are known, 305 million are in the States and 64 million in Britain. */
const atlas = anAtlas([
  { prefix: '8.0.0.0/24', country: 'US', lat: 40, lon: -75 },
  { prefix: '81.0.0.0/24', country: 'GB', lat: 51, lon: 0 },
]);

interface Change {
  readonly regions?: readonly ReturnType<typeof aRegion>[];
  readonly reload?: ReloadLimit;
  readonly name?: string;
}

function settingsOf({ regions = [dublin, ashburn], reload, name = 'www' }: Change): Settings {
  const services = [aService({ name, regions })];
  return { ...aSettings({ regions, services, configuration: 'aaaaaaaaaaaa' }), reload };
}

async function judge(
  running: Change,
  next: Change,
  world: typeof atlas | 'none' = atlas,
  health: Readonly<Record<string, RegionHealth>> = {},
): Promise<{ fault: Fault | undefined } & Pick<Approval, 'moved' | 'forced'>> {
  const clock = createFakeClock(noon);
  const ground = groundOf(settingsOf(running), atlas);
  const ids = ['dublin', 'ashburn'] as RegionId[];
  const known = new Map(ids.map((id) => [id, health[id] ?? upHealth()]));
  const cell = createSnapshotCell({ ground, health: known, overrides: new Map(), epoch: 1 }, clock);
  const pause = async (): Promise<void> => undefined;
  const judged = await judgeMoves(
    groundOf(settingsOf(next), world === 'none' ? undefined : world),
    {
      cell,
      pause,
      clock,
    },
  );
  assert.equal(cell.view.snapshot.epoch, 2, 'the running snapshot stays as it is');
  return 'code' in judged ? { fault: judged, ...nothing } : { fault: undefined, ...judged };
}

const nothing = { moved: [], forced: [] };

const limit: ReloadLimit = { maxMoved: 0.1, force: undefined };

describe('a reload', () => {
  test('that moves more than it may is refused, with the figure and the way out', async () => {
    const { fault } = await judge({ reload: limit }, { regions: [ashburn] });
    assert.equal(fault?.code, 'config.moves');
    assert.match(
      fault.message,
      /^this change would send 17\.2 % of the clients of www\.example\.test to another region, and reload\.maxMoved allows 10\.0 %; to let it .*reload\.force: aaaaaaaaaaaa$/,
    );
  });

  test('comes into force where it moves no more, where nothing limits it, and where it is forced', async () => {
    const wide = { maxMoved: 0.18, force: undefined };
    const taken = await judge({ reload: wide }, { regions: [ashburn] });
    assert.equal(taken.fault, undefined);
    assert.deepEqual(taken.moved, [{ service: 'www.example.test', share: 0.1723 }]);
    assert.equal((await judge({}, { regions: [ashburn] })).fault, undefined);
    const forced = { maxMoved: 0.1, force: 'aaaaaaaaaaaa' };
    const past = { maxMoved: 0.1, force: 'bbbbbbbbbbbb' };
    const meant = await judge({ reload: limit }, { regions: [ashburn], reload: forced });
    assert.deepEqual([meant.fault, meant.forced], [undefined, ['reload.maxMoved']]);
    assert.ok((await judge({ reload: limit }, { regions: [ashburn], reload: past })).fault);
  });

  test('is held to the limit that is in force, whatever the new files say of it', async () => {
    const open = { maxMoved: 1, force: undefined };
    assert.ok((await judge({ reload: limit }, { regions: [ashburn], reload: open })).fault);
  });

  test('moves nobody from a region that is down, and to one that is new', async () => {
    const health = { dublin: downHealth() };
    const { fault } = await judge({ reload: limit }, { regions: [ashburn] }, atlas, health);
    assert.equal(fault, undefined);
    const back = await judge({ reload: limit, regions: [ashburn] }, {});
    assert.ok(back.fault, 'a new region counts as up');
  });

  test('of other names moves nobody, and one that says the same is not even counted', async () => {
    const other = await judge({ reload: limit }, { name: 'api', regions: [ashburn] });
    assert.equal(other.fault, undefined);
    assert.equal((await judge({ reload: limit }, {})).fault, undefined);
  });

  test('that cannot be measured is refused', async () => {
    const { fault } = await judge({ reload: limit }, { regions: [ashburn] }, 'none');
    assert.match(fault?.message ?? '', /^without GeoIP data/);
  });
});
