// Loads: what probes were told goes along with votes, and answers follow what they can tell from it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { takeFigures } from '../../src/health/figures.ts';
import type { LoadSettings, RegionId } from '../../src/model/region.ts';
import type { SafetySettings } from '../../src/model/safety.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { type DirectorStage, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const eu = 'eu' as RegionId;
const load: LoadSettings = {
  capacity: 1000,
  connections: 100,
  low: 0.75,
  high: 0.9,
  lifetime: millis(30_000),
  token: undefined,
};
const regions = [aRegion('eu', { load }), aRegion('us', { load }), aRegion('ap', { load })];

async function fleet(
  ids: readonly string[],
  steps?: readonly StepSettings[],
  safety?: SafetySettings,
) {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const services = [aService({ regions, ...(steps && { steps }) })];
  const health = { ...aSettings({ regions, services }).health, observers: ids };
  const directors = ids.map((id) => {
    const director = { id, region: id };
    const settings = aSettings({ regions, services, director, health, safety });
    return startDirectorStage({ settings, clock, boards });
  });
  for (const director of directors) director.say('eu up, us up, ap up');
  await clock.advance(1100);
  return { clock, directors };
}

/** Has an observer's probes told so many connections of `eu`. */
function tell({ figures }: DirectorStage, clock: FakeClock, value: number, region = eu): void {
  const figure = { as: 'connections', value, isCounter: false } as const;
  const book = takeFigures(figures.get(region) ?? new Map(), ['probe', 0], [figure], clock.now());
  figures.set(region, book);
}

const known = ({ api }: DirectorStage) => api.loads().find(({ region }) => region === 'eu');

describe('what probes are told', () => {
  test('is known to all by the votes, as the median of the observing regions, until it is old', async () => {
    const { clock, directors } = await fleet(['eu', 'us', 'ap']);
    for (const [i, director] of directors.entries()) tell(director, clock, [10, 30, 95][i] ?? 0);
    await clock.advance(5000);
    for (const director of directors) {
      assert.partialDeepStrictEqual(known(director), {
        load: 0.3,
        connections: 30,
        source: 'probes',
      });
    }
    await clock.advance(30_000);
    for (const director of directors) assert.equal(known(director)?.source, null);
  });
});

describe('answers', () => {
  const leastLoad = [{ kind: 'least-load' }];

  test('follow loads where a step orders by them, when they have moved', async () => {
    const { clock, directors } = await fleet(['eu'], leastLoad);
    const [director = assert.fail()] = directors;
    const held = () => director.cell.view.snapshot.loads.get(eu);
    assert.equal(held(), undefined);
    tell(director, clock, 30);
    await clock.advance(3500);
    assert.partialDeepStrictEqual(held(), { share: 0.3, connections: 30, shed: 0 });
    const { epoch } = director.cell.view.snapshot;
    tell(director, clock, 30.4);
    await clock.advance(3500);
    assert.equal(director.cell.view.snapshot.epoch, epoch);
    tell(director, clock, 50);
    await clock.advance(3500);
    assert.equal(held()?.share, 0.5);
    await clock.advance(31_000);
    assert.equal(held(), undefined);
  });

  test('follow loads where a safety rule asks for room for them, in the usual chain as well', async () => {
    const rules = [{ kind: 'minCapacity', declared: 0, load: 1.2 }];
    const { clock, directors } = await fleet(['eu'], undefined, { rules });
    const [director] = directors as [DirectorStage];
    for (const id of ['eu', 'us', 'ap']) tell(director, clock, 60, id as RegionId);
    await clock.advance(3000);
    const loads = [...director.cell.view.snapshot.loads.values()].map(({ share }) => share);
    assert.deepEqual(loads, [0.6, 0.6, 0.6]);
    const word = { region: 'eu', kind: 'drain', actor: 'bob', reason: 'x', for: '1h' } as const;
    const judged = director.api.tryOverride(word);
    assert.ok('refusals' in judged);
    assert.match(
      judged.refusals[0]?.message ?? '',
      /left with 2000 requests a second for a load of 1800, and 120 % of that must serve/,
    );
  });

  test('are left alone where nothing looks at loads, which are shown all the same', async () => {
    const { clock, directors } = await fleet(['eu']);
    const [director = assert.fail()] = directors;
    const { epoch } = director.cell.view.snapshot;
    tell(director, clock, 30);
    await clock.advance(3500);
    assert.equal(director.cell.view.snapshot.epoch, epoch);
    assert.equal(known(director)?.load, 0.3);
  });
});

describe('a region that is too busy', () => {
  /** Observers are told the same, every five seconds, for as long as is said. */
  async function overload(
    { clock, directors }: Awaited<ReturnType<typeof fleet>>,
    value: number,
    seconds: number,
  ): Promise<void> {
    for (let s = 0; s < seconds; s += 5) {
      for (const director of directors) {
        tell(director, clock, value);
        tell(director, clock, 10, 'us' as RegionId);
        tell(director, clock, 10, 'ap' as RegionId);
      }
      await clock.advance(5000);
    }
  }
  const sheds = (directors: readonly DirectorStage[]): number[] =>
    directors.map(({ cell }) => cell.view.snapshot.loads.get(eu)?.shed ?? 0);

  test('passes on the same share at every director', async () => {
    const scene = await fleet(['eu', 'us', 'ap']);
    await overload(scene, 150, 40);
    const [first = 0, ...others] = sheds(scene.directors);
    assert.ok(first > 0, `${first}`);
    assert.deepEqual(others, [first, first]);
    assert.equal(known(scene.directors[1] ?? assert.fail())?.shed, first);
  });

  test('goes on to pass it on while nobody tells its load any more', async () => {
    const scene = await fleet(['eu']);
    await overload(scene, 150, 40);
    const [before = 0] = sheds(scene.directors);
    assert.ok(before > 0);
    await scene.clock.advance(120_000);
    assert.deepEqual(sheds(scene.directors), [before]);
    assert.partialDeepStrictEqual(known(scene.directors[0] ?? assert.fail()), {
      load: null,
      shed: before,
    });
  });
});
