// `meridian drill plan`: what a drill would do, and what stands against it, before anybody is moved.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWhole } from '../compose/stage.ts';
import { courseOf } from '../drill/course.ts';
import { describeLimit } from '../drill/number-limit.ts';
import { type Plan, readPlan } from '../drill/plan.ts';
import { createClock } from '../edge/clock.ts';
import type { ClientsReport } from '../model/clients-report.ts';
import { FaultError } from '../model/fault.ts';
import type { LoadFacts } from '../model/load-report.ts';
import { formatShare } from '../model/number.ts';
import { formatSpan } from '../model/time.ts';
import { assumedCaches } from '../simulation/caches.ts';
import type { Comparison } from '../simulation/comparison.ts';
import { ask, callDirector } from './client.ts';
import { exits, type Io, type Options, textOption } from './command.ts';
import { describeComparison } from './comparison-text.ts';
import { planIn } from './drill-plan.ts';
import { rulesAgainst } from './drill-rules.ts';
import { describeDrill } from './drill-text.ts';
import { drillFor } from './drill-wish.ts';
import { loadIn, runRehearsal } from './simulate.ts';
import { formatTable } from './table.ts';
import { wishIn } from './wishes.ts';

/**
 * By the files. Clients are those of a histogram: of a file, or of the director that `--url` names; where
 * there is none, the internet's users. Exit code 1 where a safety rule stands against it.
 */
export async function predict(options: Options, io: Io): Promise<number> {
  const request = await planIn(options, io);
  const config = textOption(options, 'config', 'meridian.yaml');
  const settings = await loadWhole(config, io.env);
  const plan = readPlan(request, settings);
  if ('code' in plan) throw new FaultError(plan);
  const wish = wishIn({ ...options, drain: [plan.region] });
  const load = loadIn(options);
  if (typeof wish === 'string' || typeof load === 'string') {
    io.err(typeof wish === 'string' ? wish : String(load));
    return exits.usage;
  }
  const at = createClock().now();
  await using seen = await seenBy(wish.clients, options, io);
  const files = { config, other: undefined, env: io.env, alreadyDown: [], alreadyDrained: [] };
  const rehearsal = { ...wish, clients: seen.clients, service: request.service, ...files, at };
  const { region } = plan;
  const drilled = { region, cause: 'drained', caches: assumedCaches, isHinted: true } as const;
  const curve = await drillFor(drilled, rehearsal);
  const comparison = await runRehearsal(rehearsal, load, options, io);
  const against = rulesAgainst(plan, settings, at);
  const lines = [
    ...describePlan(plan),
    ...against.lines,
    ...describeUnknown(plan, options['url'] === undefined ? undefined : seen.loads),
    '',
    ...describeSteps(plan, comparison, seen.loads),
    '',
    `In the last step, were ${plan.region} wholly drained:`,
    ...describeComparison(comparison),
    '',
    ...describeDrill(curve),
  ];
  for (const line of lines) io.out(line);
  return against.isAllowed ? exits.fine : exits.no;
}

interface Seen extends AsyncDisposable {
  /** A file. */
  readonly clients: string | undefined;
  readonly loads: readonly LoadFacts[];
}

/** What the director of `--url` knows of clients and loads; nothing without it. */
async function seenBy(file: string | undefined, options: Options, io: Io): Promise<Seen> {
  if (options['url'] === undefined) {
    return { clients: file, loads: [], [Symbol.asyncDispose]: async () => undefined };
  }
  const loads = await callDirector<LoadFacts[]>('/v1/load', options, io);
  const known = await callDirector<ClientsReport>('/v1/clients?limit=1', options, io);
  if (file !== undefined || !known.isCollecting || known.networks === 0) {
    return { clients: file, loads, [Symbol.asyncDispose]: async () => undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), 'meridian-drill-'));
  const clients = join(folder, `clients as ${known.director} counted them`);
  const request = { headers: { accept: 'text/csv' }, signal: io.signal };
  const response = await ask('/v1/clients?format=csv', options, io.env, request);
  await writeFile(clients, await response.text());
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  return { clients, loads, [Symbol.asyncDispose]: remove };
}

function describePlan(plan: Plan): string[] {
  const { steps, notice, mostLoad, numbers, region } = plan;
  const shares = steps.map(({ share, hold }) => `${formatShare(share)} for ${formatSpan(hold)}`);
  const before = notice === 0 ? '' : `, after ${formatSpan(notice)} of a short TTL`;
  const { span } = courseOf(plan, createClock().now());
  const stops = [
    'a verdict changes',
    ...(mostLoad === undefined
      ? []
      : [`another region is above ${formatShare(mostLoad)} of its capacity`]),
    ...numbers.map(describeLimit),
  ];
  return [
    `Drill of ${region}: ${shares.join(', ')}${before}; over in ${formatSpan(span)} at the latest`,
    `It ends early when ${stops.join('; when ')}`,
  ];
}

/** A limit on what nobody tells is refused as a drill begins; without a director nobody knows what is told. */
function describeUnknown(
  { mostLoad, others }: Plan,
  loads: readonly LoadFacts[] | undefined,
): string[] {
  if (mostLoad === undefined || loads === undefined) return [];
  const told = new Set(loads.flatMap(({ region, load }) => (load === null ? [] : region)));
  const unknown = others.filter((region) => !told.has(region));
  if (unknown.length === 0) return [];
  return [
    `No load is known of ${unknown.join(', ')}: until it is, no drill begins that this limit would end`,
  ];
}

/** Clients of all services together, by the share that each step drains; and the load that they bring along. */
function describeSteps(
  { steps, region }: Plan,
  { regions, services }: Comparison,
  loads: readonly LoadFacts[],
): string[] {
  const [alone] = services.length === 1 ? services : [];
  const rows = (alone?.regions ?? regions).map(({ region: id, before, after }) => {
    const at = (share: number): number => before + share * (after - before);
    const load = loads.find((each) => each.region === id)?.load ?? undefined;
    const loadOf = (share: number): string =>
      load === undefined || before === 0 || id === region
        ? ''
        : ` at ${formatShare((load * at(share)) / before)}`;
    const cells = [0, ...steps.map(({ share }) => share)].map(
      (share) => `${formatShare(at(share)).padStart(7)}${loadOf(share)}`,
    );
    return [id, ...cells];
  });
  const isLoaded = loads.some(({ load }) => load !== null);
  const head = ['REGION', 'NOW', ...steps.map(({ share }) => formatShare(share))];
  const what = isLoaded
    ? 'Clients of each region by step, at what load of its capacity:'
    : 'Clients of each region by step:';
  return [what, ...formatTable(head, rows)];
}
