import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../../src/cli/check.ts';
import { copyExampleConfig } from '../support/director-process.ts';
import { runIn } from '../support/terminal.ts';

describe('meridian check', () => {
  test("the repository's own configuration is fine", async () => {
    using config = copyExampleConfig();
    const run = await runIn(check, ['--config', config.main]);
    assert.equal(run.code, 0);
    assert.match(run.out, /is fine: 1 zone, 3 services, 8 regions$/);
  });

  test('every fault is told at once, each with its file, line and column', async () => {
    using config = copyExampleConfig();
    config.write(
      'regions/eu-west.yaml',
      'title: Dublin\ncountry: IE\nlatitude: 95\nlongitude: 0\nipv4: [192.0.2.1]\n',
    );
    config.write('regions/us-east.yaml', 'titel: Ashburn\n');
    const run = await runIn(check, ['--config', config.main]);
    assert.equal(run.code, 1);
    assert.match(run.err, /eu-west\.yaml:3:1: .*95.*-90 to 90/);
    assert.match(run.err, /us-east\.yaml:1:1: \/titel/);
    assert.match(run.err, /has \d+ faults$/);
  });

  test('a file that is not there is a fault, not a crash', async () => {
    const run = await runIn(check, ['--config', 'no/such/file.yaml']);
    assert.equal(run.code, 1);
    assert.match(run.err, /no\/such\/file\.yaml/);
  });
});
