import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainOffline } from '../../src/cli/offline.ts';
import { FaultError } from '../../src/model/fault.ts';
import { cityOf } from '../support/cities.ts';
import { copyExampleConfig } from '../support/director-process.ts';

describe('explainOffline', () => {
  test('decides from the files alone, with every region up', async () => {
    using config = copyExampleConfig();
    const question = { name: 'www.example.test', type: 'A', client: cityOf('Tokyo').address };
    const report = await explainOffline(config.main, {}, question);
    assert.deepEqual(report.regions, ['ap-northeast']);
    assert.equal(report.ttl, 30);
    assert.match(report.trail?.text ?? '', /8 of 8 may serve/);
  });

  test('faults of the files and of the question are thrown as such', async () => {
    using config = copyExampleConfig();
    const bad = explainOffline(
      config.main,
      {},
      { name: 'www.example.test', type: 'A', client: 'x' },
    );
    await assert.rejects(
      bad,
      (error) => error instanceof FaultError && error.fault.path === '/client',
    );
    config.write('meridian.yaml', 'zones: []\n');
    const none = explainOffline(config.main, {}, { name: 'www.example.test', type: 'A' });
    await assert.rejects(none, FaultError);
  });
});
