import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { simulate } from '../../src/cli/simulate.ts';
import { changeWords } from '../../src/cli/simulation-file.ts';
import { createPlaces } from '../support/rehearsed.ts';
import { runIn } from '../support/terminal.ts';

describe('meridian simulate --html and --drill', () => {
  test('writes one page over whatever was there, and nothing else', async () => {
    using config = createPlaces();
    const folder = dirname(config.main);
    const page = join(folder, 'page.html');
    writeFileSync(page, 'old');
    const before = readdirSync(folder);
    const words = ['--config', config.main, '--clients', join(folder, 'clients.csv')];
    const run = await runIn(simulate, [...words, '--drill', 'dublin', '--html', page]);
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /How fast clients leave dublin when the whole region is lost/);
    const text = readFileSync(page, 'utf8');
    assert.match(text, /<title>Simulation: dublin is down<\/title>/);
    assert.match(text, /How fast clients leave dublin/);
    assert.match(text, /Made by meridian simulate on \d{4}-/);
    assert.deepEqual(readdirSync(folder), before);
  });

  test('a page that cannot be written is told in one line, and leaves nothing behind', async () => {
    using config = createPlaces();
    const folder = dirname(config.main);
    const page = join(folder, 'missing', 'page.html');
    const words = ['--config', config.main, '--clients', join(folder, 'clients.csv')];
    const run = await runIn(simulate, [...words, '--down=dublin', '--html', page]);
    assert.equal(run.code, 1);
    assert.match(run.err, /^cannot write the page to .*page\.html: ENOENT.*\(disk\.write\)$/);
    assert.ok(!readdirSync(folder).includes('missing'));
  });

  test('a region that nobody is sent to has no drill', async () => {
    using config = createPlaces();
    const run = await runIn(simulate, ['--config', config.main, '--drill', 'atlantis']);
    assert.equal(run.code, 1);
    assert.match(run.err, /^no service names atlantis \(region\.unknown\)$/);
  });

  test('JSON holds the drill beside the comparison', async () => {
    using config = createPlaces();
    const clients = join(dirname(config.main), 'clients.csv');
    const words = ['--config', config.main, '--clients', clients, '--json'];
    const run = await runIn(simulate, [...words, '--drill', 'dublin', '--cause', 'drained']);
    const { drill, services } = JSON.parse(run.out) as {
      drill: { cause: string; left: Record<string, number> };
      services: unknown[];
    };
    assert.equal(drill.cause, 'drained');
    assert.ok((drill.left['50'] ?? 0) > 0);
    assert.ok(services.length > 0);
  });
});

test('the title of a page says what is changed', () => {
  const nothing = {
    config: 'a.yaml',
    other: undefined,
    down: [],
    drained: [],
    bias: [],
    weight: [],
    loads: [],
  };
  assert.equal(changeWords(nothing), 'nothing changes');
  assert.equal(
    changeWords({ ...nothing, other: 'b.yaml', down: ['eu'], drained: ['us'], bias: [['ap', 20]] }),
    'b.yaml instead of a.yaml, eu is down, us is drained, bias of ap is 20',
  );
});
