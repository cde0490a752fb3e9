import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latencies } from '../../src/cli/latencies.ts';
import { latenciesIn } from '../../src/steering/steps/latency.ts';
import { regionText, settingsOf, zoneText } from '../support/config.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

/** `from` an observing region, in milliseconds; null where it has measured nothing. */
function aRegion(region: string, from: Readonly<Record<string, number | null>>): object {
  const votes = Object.entries(from).map(([observer, latencyMs]) => ({
    region: observer.replace(/-\d$/, ''),
    observer,
    verdict: 'up',
    ageSeconds: 1,
    latencyMs,
    reason: '',
  }));
  return { region, votes };
}

async function printed(regions: readonly object[]) {
  await using director = await startFakeDirector({
    'GET /v1/health': { json: { regions } },
    'GET /v1/regions': {
      json: [
        { region: 'eu', country: 'DE' },
        { region: 'no', country: 'NO' },
        { region: 'us', country: 'US' },
      ],
    },
  });
  return await runIn(latencies, ['--url', director.url]);
}

const measured = [
  aRegion('eu', { 'eu-1': 1.4, 'no-1': 31, 'us-1': 93, 'watch-1': 7 }),
  aRegion('us', { 'eu-1': 92, 'no-1': null, 'us-1': 0.6 }),
];

describe('meridian latencies', () => {
  test('prints medians from the country of each observing region and from its continent', async () => {
    const { code, out } = await printed(measured);
    assert.equal(code, 0);
    assert.deepEqual(out.split('\n'), [
      '# Measured by the directors in eu, no, us.',
      '"DE": { eu: 1, us: 90 }',
      '"NO": { eu: 30 }',
      '"US": { eu: 95, us: 1 }',
      '"continent:EU": { eu: 1, us: 90 }',
      '"continent:NA": { eu: 95, us: 1 }',
    ]);
  });

  test('what it prints is a table that the ready-made policy `latency` takes', async () => {
    const { out } = await printed(measured);
    const service = '{ name: www, regions: [eu, us], policy: latency }';
    const settings = settingsOf({
      main: zoneText({ services: [service] }),
      regions: { eu: regionText, us: regionText.replace(/nameserver.*\n/, '') },
      tables: { 'latencies.yaml': { text: out } },
    });
    const [{ steps } = { steps: [] }] = settings.services.values();
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['latency', 'nearest', 'take'],
    );
    assert.deepEqual(latenciesIn(steps)[1], { area: 'NO', countries: ['NO'], ms: { eu: 30 } });
  });

  test('says where nothing is measured yet', async () => {
    const { code, out, err } = await printed([aRegion('eu', { 'eu-1': null, 'watch-1': 5 })]);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /has measured anything yet/);
  });
});
