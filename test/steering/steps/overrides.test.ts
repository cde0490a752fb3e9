import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipv4 } from '../../../src/model/ip.ts';
import { permanentSpan } from '../../../src/model/override.ts';
import { millis } from '../../../src/model/time.ts';
import { prepareOverrides } from '../../../src/steering/steps/overrides.ts';
import { hashNetwork, mixHash } from '../../../src/steering/hash.ts';
import { aName, anIp, anOverride } from '../../support/fleet.ts';
import { runStep, tellTiers } from '../../support/race.ts';

describe('step overrides', () => {
  const step = prepareOverrides();

  test('leaves the race alone while no operator speaks', () => {
    const { tiers, left, summary } = runStep(step, 'ash > birch = cedar');
    assert.equal(tiers, 'ash > birch = cedar');
    assert.deepEqual(left, []);
    assert.equal(summary, 'no operator has spoken');
  });

  test('takes out what is drained or declared down, and says by whom, how long and why', () => {
    const overrides = [
      anOverride('ash'),
      anOverride('birch', { kind: 'down', actor: 'bob', reason: 'flood' }),
    ];
    const { tiers, left, summary } = runStep(step, 'ash = birch > cedar', { overrides });
    assert.equal(tiers, 'cedar');
    assert.equal(summary, '2 of 3 taken out by hand');
    assert.deepEqual(left, [
      {
        region: 'ash',
        code: 'drained',
        detail: 'drained by alice until 2026-05-01 14:00:00 UTC: disk swap',
      },
      {
        region: 'birch',
        code: 'overridden-down',
        detail: 'declared down by bob until 2026-05-01 14:00:00 UTC: flood',
      },
    ]);
  });

  test('keeps a region that is held up, and says so', () => {
    const overrides = [anOverride('ash', { kind: 'up', reason: 'probe is wrong' })];
    const { tiers, summary } = runStep(step, 'ash > birch', { overrides });
    assert.equal(tiers, 'ash > birch');
    assert.equal(summary, 'ash is held up by alice until 2026-05-01 14:00:00 UTC: probe is wrong');
  });

  test('tells of both when one region is out and another held up', () => {
    const overrides = [anOverride('ash'), anOverride('birch', { kind: 'up' })];
    assert.equal(
      runStep(step, 'ash > birch', { overrides }).summary,
      '1 of 2 taken out by hand; birch is held up by alice until 2026-05-01 14:00:00 UTC: disk swap',
    );
  });

  test('takes the same regions out of the reserve, so that no last resort brings them back', () => {
    const { race } = runStep(step, 'ash > birch', { overrides: [anOverride('ash')] });
    assert.equal(tellTiers(race.reserve), 'birch');
  });

  test('takes out a share of client networks, and the more the larger it is', () => {
    const outAt = (share: number): Set<number> => {
      const overrides = [anOverride('ash', { share })];
      const out = new Set<number>();
      for (let i = 0; i < 20_000; i++) {
        const networkHash = hashNetwork(ipv4(i << 12));
        if (runStep(step, 'ash > birch', { overrides, networkHash }).tiers === 'birch') {
          out.add(i);
        }
      }
      return out;
    };
    let before = new Set<number>();
    for (const share of [0.05, 0.25, 0.5, 0.99]) {
      const out = outAt(share);
      assert.ok(Math.abs(out.size / 20_000 - share) < 0.01, `${out.size} for ${share}`);
      assert.ok(before.isSubsetOf(out), `some were in again at ${share}`);
      before = out;
    }
  });

  test('draws a share for each region on its own', () => {
    const overrides = [anOverride('ash', { share: 0.5 }), anOverride('birch', { share: 0.5 })];
    const seen = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const { tiers } = runStep(step, 'ash > birch', { overrides, networkHash: mixHash(i, 1) });
      seen.set(tiers, (seen.get(tiers) ?? 0) + 1);
    }
    for (const tiers of ['ash > birch', 'ash', 'birch', '']) {
      assert.ok(Math.abs((seen.get(tiers) ?? 0) - 1000) < 100, `${seen.get(tiers)} ${tiers}`);
    }
  });

  test('says of a share whether this network is among it', () => {
    const overrides = [anOverride('ash', { share: 0.25 })];
    const runs = Array.from({ length: 100 }, (_, i) =>
      runStep(step, 'ash > birch', { overrides, networkHash: mixHash(i, 1) }),
    );
    const words = '25 % drained by alice until 2026-05-01 14:00:00 UTC: disk swap';
    const out = runs.find(({ left }) => left.length > 0);
    assert.equal(out?.left[0]?.code, 'drained');
    assert.equal(out?.left[0]?.detail, `${words}; this network is among them`);
    const kept = runs.find(({ left }) => left.length === 0);
    assert.equal(kept?.summary, `ash is ${words}; this network is not among them`);
    assert.ok(runs.every(({ picks }) => picks));
  });

  test('picks by network only where a share is drained of a region in the race', () => {
    const picks = (tiers: string, share?: number): boolean =>
      runStep(step, tiers, { overrides: [anOverride('ash', { share })] }).picks;
    assert.deepEqual([picks('ash', 0.5), picks('birch', 0.5), picks('ash')], [true, false, false]);
  });

  test('names the service or the address that the word is about, and what has no end', () => {
    const service = anOverride('ash', { service: aName('www') });
    const endpoint = anOverride('birch', { endpoint: anIp('192.0.2.1') });
    const start = service.start;
    const permanent = anOverride('cedar', { end: millis(start + permanentSpan) });
    const { left } = runStep(step, 'ash = birch = cedar', {
      overrides: [service, endpoint, permanent],
    });
    assert.deepEqual(
      left.map(({ detail }) => detail),
      [
        'drained for www.example.test by alice until 2026-05-01 14:00:00 UTC: disk swap',
        'no address is left: 192.0.2.1 drained by alice until 2026-05-01 14:00:00 UTC: disk swap',
        'drained by alice for good: disk swap',
      ],
    );
  });

  test('ignores what is said of regions that are not in the race', () => {
    const { tiers, summary } = runStep(step, 'ash', { overrides: [anOverride('oak')] });
    assert.equal(tiers, 'ash');
    assert.equal(summary, 'no operator has spoken');
  });
});
