// Whatever operators, other directors or the network wrote, no command lets it reach the terminal as more than text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Command, runCommand } from '../../src/cli/command.ts';
import { clients } from '../../src/cli/clients.ts';
import { drain, undrain } from '../../src/cli/drain.ts';
import { drill } from '../../src/cli/drill.ts';
import { explain } from '../../src/cli/explain.ts';
import { latencies } from '../../src/cli/latencies.ts';
import { load } from '../../src/cli/load.ts';
import { override } from '../../src/cli/override.ts';
import { report } from '../../src/cli/report.ts';
import { status } from '../../src/cli/status.ts';
import { timeline } from '../../src/cli/timeline.ts';
import * as fake from '../support/fake-api.ts';
import { wholeDrillReport } from '../support/drill-report.ts';
import { startFakeDirector } from '../support/terminal.ts';

const api = fake.createFakeApi();
const breakGlass = { rules: ['minRegions'], reason: 'a lost disk' };
const word = { ...fake.override, isPermanent: true, breakGlass, withheld: ['www.example.test'] };
const number = { number: 'errors', last: 3, before: 1, worst: 4, readings: 9, failures: 1 };
const drilled = {
  ...wholeDrillReport,
  phase: 'aborted',
  isMet: false,
  abort: { code: 'number', message: 'errors went above 5' },
  numbers: [{ ...number, reason: 'refused', above: 5, below: null }],
};
const loads = [
  { region: 'eu-west', load: 0.5, connections: 3, source: 'app', ageSeconds: 1, shed: 0 },
];
const problem = { code: 'region.unknown', detail: 'there is no such region', field: '/region' };
const vote = { ...api.report.regions[0]?.votes[0], region: 'eu-west', latencyMs: 12 };
const health = {
  ...api.report,
  broken: [fake.refusal],
  undrilled: ['eu-west'],
  regions: api.report.regions.map((each) => ({ ...each, overrides: [word], votes: [vote] })),
};
const resolved = api.resolve({ name: 'www.example.test', type: 'A', peer: '192.0.2.1' } as never);
const judged = { checked: ['minRegions'], refusals: [fake.refusal], isAllowed: false };
const drillPath = '/v1/drills/d';

/** `METHOD /path` → what a director answers there. */
const answers: Readonly<Record<string, { readonly status?: number; readonly json: unknown }>> = {
  'GET /v1/overrides': { json: [word] },
  'POST /v1/overrides': { json: { ...word, ...judged } },
  'DELETE /v1/overrides/o': { json: word },
  'GET /v1/health': { json: health },
  'GET /v1/regions': { json: [{ region: 'eu-west', country: 'IE' }] },
  'GET /v1/resolve': { json: { ...resolved, note: 'why', trail: { text: 'a trail' } } },
  'GET /v1/drills': { json: [drilled, fake.drill] },
  'GET /v1/drills/regions': { json: fake.drillAges },
  [`GET ${drillPath}`]: { json: drilled },
  [`DELETE ${drillPath}`]: { json: drilled },
  'GET /v1/load': { json: loads },
  'GET /v1/clients': { json: fake.clients },
  'GET /v1/timeline': { json: api.timelinePage },
  'POST /v1/reports/eu-west/app': { json: fake.selfReport },
  'POST /v1/load/eu-west': { status: 404, json: problem },
};

/** Each of them says something that others wrote. */
const lines: readonly (readonly [Command, ...string[]])[] = [
  [override, 'list', '--all'],
  [override, 'list', '--json'],
  [override, 'end', 'o', '--actor', 'bob'],
  [drain, 'eu-west', '--reason', 'disk swap', '--actor', 'bob'],
  [drain, 'eu-west', '--reason', 'disk swap', '--actor', 'bob', '--dry-run'],
  [undrain, 'mars'],
  [status],
  [status, '--matrix'],
  [status, '--json'],
  [drill, 'list'],
  [drill, 'watch', 'd'],
  [drill, 'abort', 'd', '--actor', 'bob'],
  [drill, 'report', 'd'],
  [drill, 'report', 'd', '--json'],
  [explain, 'www.example.test'],
  [explain, 'www.example.test', '--json'],
  [latencies],
  [load],
  [load, 'eu-west', '--load', '0.5'],
  [clients, 'top'],
  [timeline],
  [timeline, '--json'],
  [report, 'eu-west', 'app', 'up'],
];

/** What holds words of others, and not a moment or a kind. */
const theirs = new Set(
  'actor boards detail director figures message name note number observer reason region release rule rules service source text title undrilled'.split(
    ' ',
  ),
);

/** The same value with these words in every text that others could have written. */
function forge(value: unknown, nasty: string, isTheirs = false): unknown {
  if (typeof value === 'string') return isTheirs ? `${value}${nasty}` : value;
  if (Array.isArray(value)) return value.map((each) => forge(each, nasty, isTheirs));
  if (typeof value !== 'object' || value === null) return value;
  const forged = Object.entries(value).map(([key, each]) => [
    key,
    forge(each, nasty, theirs.has(key)),
  ]);
  return Object.fromEntries(forged) as unknown;
}

async function printed(command: Command, words: readonly string[]): Promise<string[]> {
  const told: string[] = [];
  const say = (line: string): void => void told.push(line);
  const { signal } = new AbortController();
  await runCommand(command, words, { out: say, err: say, env: {}, signal });
  return told;
}

/** All that cannot be seen, or moves what can be. */
const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u001B[2J', '\n', '\r', '\u009B31m', '\u202E', '\u2066', '\u007F', '\u2028'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => `\n${parts.join('')}\u001B`);

test('no line of any command holds a control character, whatever others wrote', async () => {
  const answering: Record<string, { status?: number; json: unknown }> = {};
  await using director = await startFakeDirector(answering);
  await fc.assert(
    fc.asyncProperty(nastyText, async (nasty) => {
      for (const [path, { json, ...rest }] of Object.entries(answers)) {
        answering[path] = { ...rest, json: forge(json, nasty) };
      }
      for (const [command, ...words] of lines) {
        const told = await printed(command, [...words, '--url', director.url]);
        const what = `${command.name} ${words.join(' ')}`;
        assert.ok(told.length > 0, what);
        for (const line of told) assert.doesNotMatch(line, control, what);
        if (words.includes('--json')) assert.doesNotThrow(() => JSON.parse(told.join('\n')), what);
        else assert.ok(what === 'undrain mars' || told.join('').includes('u{a}'), what);
      }
    }),
    { numRuns: 25 },
  );
});

test('a reason makes no row of its own, and one operator is one row', async () => {
  const reason = 'a\u001B[2J\no-2  drain us-east  alice';
  const forged = { ...fake.override, actor: 'bo\tb\u001B[31m', reason };
  await using director = await startFakeDirector({ 'GET /v1/overrides': { json: [forged] } });
  const [head, row, ...more] = await printed(override, ['list', '--url', director.url]);
  assert.deepEqual(more, []);
  assert.match(row ?? '', /bo\\u\{9\}b\\u\{1b\}\[31m .*a\\u\{1b\}\[2J\\u\{a\}o-2 {2}drain/);
  assert.equal(head?.indexOf('WHY'), row?.indexOf('a\\u{1b}'));
});
