// `npm run sample`: docs/simulation-sample.html, of the shipped regions with three observing ones and with capacities.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyExampleConfig } from '../support/director-process.ts';

const root = join(import.meta.dirname, '../..');

/** Requests a second that fill each region, as an example. */
const capacities: Readonly<Record<string, number>> = {
  'af-south': 600,
  'ap-northeast': 3000,
  'ap-southeast': 3200,
  'eu-central': 3000,
  'eu-west': 2100,
  'sa-east': 900,
  'us-east': 1600,
  'us-west': 300,
};

using config = copyExampleConfig();
const main = readFileSync(config.main, 'utf8');
config.write(
  'meridian.yaml',
  main.replace(/^health:$/m, 'health:\n  observers: [eu-west, us-east, ap-northeast]'),
);
for (const [region, capacity] of Object.entries(capacities)) {
  const file = `regions/${region}.yaml`;
  const text = readFileSync(join(config.folder, file), 'utf8');
  config.write(file, `${text}load: { capacity: ${capacity} }\n`);
}
const page = join(root, 'docs/simulation-sample.html');
const words = [
  'simulate',
  '--drill=eu-central',
  '--load=9000',
  '--service=www.example.test',
  `--html=${page}`,
];
const { status } = spawnSync(
  process.execPath,
  [join(root, 'src/meridian.js'), ...words, `--config=${config.main}`],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
