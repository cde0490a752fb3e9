// Three regions on a network that is cut, slowed and made to lose; processes and disks fail with it.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { type FleetRegion, fleetRegions } from '../support/fleet-process.ts';
import { type Post, postAt, type SiteFleet, startSiteFleet } from '../support/sites/fleet.ts';
import type { Site } from '../support/sites/link.ts';
import { changeBetween, type Network, openNetwork } from '../support/sites/network.ts';
import { Watch } from '../support/sites/watch.ts';

const owned = new AsyncDisposableStack();
let network: Network;
let fleet: SiteFleet;
let watch: Watch;

before(async () => {
  network = owned.use(await openNetwork());
  fleet = owned.use(await startSiteFleet(network));
  watch = new Watch(fleet);
  await watch.settled();
});

/** Each test finds a fleet that is well, also after one that failed. */
afterEach(async () => {
  network.mendAll();
  await watch.settled();
});

after(() => owned.disposeAsync());

const post = (region: FleetRegion): Post => postAt(fleet.posts, region);

/** The file in which a director keeps what it heard. */
const kept = (region: FleetRegion): string => join(post(region).disk.folder, 'gossip.state');

const cut = { link: { isCut: true } };
const everywhere: readonly Site[] = [...fleetRegions, 'client'];

/** Waits until a vote of this observer on this region, as another director knows it, says so. */
function votes(at: FleetRegion, observer: FleetRegion, on: FleetRegion, word: string) {
  return eventually(`${at} hears that ${observer} votes ${word} on ${on}`, async () => {
    const { regions } = await fleet.health(at);
    const report = regions.find(({ region }) => region === on);
    return report?.votes.some((vote) => vote.region === observer && vote.verdict === word) === true;
  });
}

async function says(region: FleetRegion, word: string): Promise<void> {
  await eventually(`${region} says ${word}`, async () => {
    return (await fleet.health(region)).gossip === word;
  });
}

describe('three regions on a network', { concurrency: false }, () => {
  test('an origin that is killed: its clients move, and return with it', async () => {
    let episode = await watch.begin('origin killed', ['verdict.changed']);
    await post('eu').origin.kill();
    await episode.moved('eu', 'us');
    await episode.end();
    episode = await watch.begin('… started again', ['verdict.changed']);
    await post('eu').origin.restart();
    await episode.moved('eu', 'eu');
    await episode.end();
  });

  test('an origin that takes connections and says nothing is as good as dead', async () => {
    const episode = await watch.begin('origin stopped (SIGSTOP)', ['verdict.changed']);
    post('eu').origin.signal('SIGSTOP');
    await episode.moved('eu', 'us');
    post('eu').origin.signal('SIGCONT');
    await episode.end();
  });

  test('a region cut off from everybody: the others move its clients, it keeps its answers', async () => {
    let episode = await watch.begin('region cut off', ['verdict.changed']);
    changeBetween(network, ['eu'], everywhere, cut);
    await episode.moved('eu', 'us', ['us', 'ap']);
    await says('eu', 'isolated');
    await eventually('it keeps every verdict and says so', async () => {
      const { regions } = await fleet.health('eu');
      return regions.every(({ verdict, isKept }) => verdict === 'up' && isKept);
    });
    await episode.nothingMoves(1);
    await episode.end();
    episode = await watch.begin('… joined again', ['verdict.changed']);
    network.mendAll();
    await episode.moved('eu', 'eu', ['us', 'ap']);
    await episode.end();
  });

  test('two regions that do not see each other: a third sees both, nothing moves', async () => {
    const episode = await watch.begin('eu and us cut from each other', ['watch.opinion']);
    changeBetween(network, ['eu'], ['us'], cut);
    await Promise.all([votes('ap', 'us', 'eu', 'down'), votes('ap', 'eu', 'us', 'down')]);
    // What each says of the other reaches it through the third.
    await Promise.all([votes('eu', 'us', 'eu', 'down'), votes('us', 'eu', 'us', 'down')]);
    await episode.nothingMoves(2);
    await episode.end();
  });

  test('a region that hears but is not heard is cut off all the same', async () => {
    const episode = await watch.begin('eu hears, is not heard', ['verdict.changed']);
    for (const to of ['us', 'ap', 'client'] as const) network.change({ from: 'eu', to, ...cut });
    await episode.moved('eu', 'us', ['us', 'ap']);
    await says('eu', 'isolated');
    await episode.end();
  });

  test('slow and narrow wires move nothing', async () => {
    const episode = await watch.begin('300 ms there and back, 100 kB/s', ['verdict.changed']);
    const link = { delayMs: 140, jitterMs: 20, bytesPerSecond: 100_000 };
    changeBetween(network, everywhere, everywhere, { link });
    await episode.nothingMoves(8);
    await episode.end();
  });

  test('every fifth packet between directors and boards lost moves nothing', async () => {
    const episode = await watch.begin('20 % lost to boards, peers, clients', ['board.lost']);
    for (const only of ['redis', 'http', 'dns'] as const) {
      changeBetween(network, everywhere, everywhere, { only, link: { loss: 0.2 } });
    }
    await episode.nothingMoves(8);
    await episode.end();
  });

  test('every fifth packet lost everywhere: probes may fail, answers do not', async () => {
    const episode = await watch.begin('20 % lost everywhere', ['verdict.changed']);
    changeBetween(network, everywhere, everywhere, { link: { loss: 0.2 } });
    await sleep(8000);
    network.mendAll();
    await watch.settled();
    await episode.end();
  });

  test('a director that stands still is missed, and nothing else', async () => {
    const episode = await watch.begin('director stopped (SIGSTOP)', []);
    post('ap').director.signal('SIGSTOP');
    await eventually('the others miss it', async () => {
      const reports = await Promise.all([fleet.health('eu'), fleet.health('us')]);
      return reports.every(({ missingObservers }) => missingObservers.includes('ap'));
    });
    episode.noticed();
    await episode.nothingMoves(1);
    post('ap').director.signal('SIGCONT');
    await watch.settled();
    await episode.end(['ap']);
  });

  test('a director that is killed answers after its restart as before', async () => {
    let episode = await watch.begin('drained', ['override.began']);
    const { id } = await fleet.drain('ap', 'eu', '10m');
    await episode.moved('eu', 'us');
    await episode.end();
    await eventually('it is on disk', () => readFileSync(kept('us'), 'utf8').includes(id));
    episode = await watch.begin('director killed, started without boards', ['ready']);
    await post('us').director.stop('SIGKILL');
    for (const only of ['redis', 'http'] as const) {
      changeBetween(network, ['us'], fleetRegions, { only, ...cut });
    }
    await fleet.restart('us');
    await episode.nothingMoves(1);
    await episode.end(['us']);
    network.mendAll();
    episode = await watch.begin('a drain ends', ['override.ended']);
    await fleet.undrain('eu', id);
    await episode.moved('eu', 'eu');
    await episode.end();
  });

  test('Redis servers that stop and die move nothing', async () => {
    const episode = await watch.begin('Redis stopped, two killed', ['board.lost']);
    post('eu').redis.pause();
    await post('us').redis.kill();
    await post('ap').redis.kill();
    for (const region of fleetRegions) await says(region, 'peers');
    await episode.nothingMoves(3);
    await episode.end();
    post('eu').redis.resume();
    await post('us').redis.restart();
    await post('ap').redis.restart();
  });

  test('a full disk is told of once by whoever writes on it, and nothing else changes', async () => {
    const episode = await watch.begin('disk full, drained meanwhile', ['override.began']);
    // The state's files and the audit log are written by two hands, each of which names its own.
    const faults = (): readonly number[] => {
      const told = post('eu')
        .director.logs()
        .filter(({ event }) => event === 'disk.write')
        .map((line) => JSON.stringify(line).includes('/audit'));
      return [told.filter((isAudit) => !isAudit).length, told.filter((isAudit) => isAudit).length];
    };
    post('eu').disk.fill();
    const { id } = await fleet.drain('eu', 'eu', '10m');
    await episode.moved('eu', 'us');
    await eventually('it says so', () => faults()[0] === 1);
    await fleet.undrain('us', id);
    await episode.moved('eu', 'eu');
    const freedAt = Date.now();
    post('eu').disk.free();
    await eventually('it is saved again', () => statSync(kept('eu')).mtimeMs > freedAt);
    const [ofState, ofLog = 0] = faults();
    assert.equal(ofState, 1);
    // What is appended may still have had room on the last page of its file.
    assert.ok(ofLog <= 1, `${ofLog}`);
    await episode.end();
  });

  test('what it counted', (t) => {
    for (const line of watch.table(`On ${network.kind}`).split('\n')) t.diagnostic(line);
  });
});
