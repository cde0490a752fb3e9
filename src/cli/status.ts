// `meridian status`: the fleet's health as a table.

import type {
  HealthReport,
  OverrideReport,
  RecoveryReport,
  RegionReport,
} from '../model/report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits } from './command.ts';
import { printJson } from './json.ts';
import { describeFleet, formatMatrix } from './matrix.ts';
import { glassWords, partOf, untilOf, wordOf } from './override-words.ts';
import { formatTable } from './table.ts';
import { watch } from './watch.ts';

export const status: Command = {
  name: 'status',
  usage: '[--matrix] [--json] [--watch] [--url URL]',
  summary:
    'Show what the fleet thinks of every region, or who sees what; exit 1 unless all are up. --watch follows it.',
  options: {
    ...clientOptions,
    json: { type: 'boolean' },
    matrix: { type: 'boolean' },
    watch: { type: 'boolean' },
  },
  words: [0, 0],
  async run(_words, options, io) {
    if (options['watch'] === true) {
      return watch(options, io, (health) => describe(health, options['matrix'] === true));
    }
    const health = await callDirector<HealthReport>('/v1/health', options, io);
    if (options['json'] === true) printJson(health, io);
    else for (const line of describe(health, options['matrix'] === true)) io.out(line);
    return health.regions.every(({ verdict }) => verdict === 'up') ? exits.fine : exits.no;
  },
};

function describe(health: HealthReport, hasMatrix: boolean): string[] {
  const lost = health.boards.filter(({ isUp }) => !isUp).map(({ board }) => board);
  const missing = health.missingObservers;
  return [
    `director ${health.director} in ${health.region}, epoch ${health.epoch}, gossip ${health.gossip}`,
    ...(lost.length === 0 ? [] : [`boards lost: ${lost.join(', ')}`]),
    ...(missing.length === 0 ? [] : [`observers not heard: ${missing.join(', ')}`]),
    ...describeFleet(health),
    ...(health.broken ?? []).map(({ rule, message }) => `SAFETY RULE BROKEN: ${rule}: ${message}`),
    ...(health.undrilled?.length
      ? [`NOT DRILLED FOR TOO LONG: ${health.undrilled.join(', ')}`]
      : []),
    ...health.regions.flatMap(brokenGlassIn),
    ...health.regions.flatMap(permanentIn),
    '',
    ...(hasMatrix ? formatMatrix(health) : formatRegions(health)),
  ];
}

function formatRegions({ regions }: HealthReport): string[] {
  return formatTable(['REGION', 'VERDICT', 'SINCE', 'VOTES', 'NOTES'], regions.map(rowOf));
}

function rowOf(region: RegionReport): string[] {
  const votes = region.votes.map((vote) => `${vote.region}:${vote.verdict}`).join(' ');
  const notes = [
    region.isKept ? 'verdict kept' : '',
    region.isSuspect ? 'suspect' : '',
    loadNote(region),
    recoveryNote(region.recovery),
    ...wordsOn(region).map(noteOf),
    region.votes.find((vote) => vote.verdict === 'down')?.reason ?? '',
  ];
  return [
    region.region,
    region.verdict,
    `${region.since.slice(0, 19).replace('T', ' ')}Z`,
    votes || 'none',
    notes.filter((note) => note !== '').join('; '),
  ];
}

function loadNote({ load, connections, shed }: RegionReport): string {
  const known = [
    load === null ? '' : `load ${Math.round(load * 100)} %`,
    connections === null ? '' : `${connections} connections`,
    shed === 0 ? '' : `passes on ${Math.round(shed * 100)} %`,
  ];
  return known.filter((note) => note !== '').join(', ');
}

/** A director of an older release names the one on all of the region alone. */
function wordsOn({ override, overrides }: Partial<RegionReport>): readonly OverrideReport[] {
  return overrides ?? (override ? [override] : []);
}

function noteOf(word: OverrideReport): string {
  const { service, endpoint, actor, end, reason } = word;
  const part = service === undefined ? endpoint && ` of ${endpoint}` : ` for ${service}`;
  return `${wordOf(word)}${part ?? ''} by ${actor} ${untilOf(word, end.slice(11, 19))}: ${reason}`;
}

/** What nobody is reminded of by its end is said above all else. */
function permanentIn(region: RegionReport): string[] {
  return wordsOn(region)
    .filter(({ isPermanent }) => isPermanent)
    .map((word) => `PERMANENT override: ${wordOf(word)} ${partOf(word)} by ${word.actor}`);
}

function brokenGlassIn(region: RegionReport): string[] {
  return wordsOn(region).flatMap((word) => {
    const { breakGlass, actor } = word;
    if (breakGlass === undefined) return [];
    return [`${glassWords(breakGlass)} (${wordOf(word)} ${partOf(word)} by ${actor})`];
  });
}

function recoveryNote({ share, nextAt, trips }: RecoveryReport): string {
  const often = trips === 0 ? '' : `, trips ${trips}`;
  if (nextAt === null) return often === '' ? '' : `went down again soon${often}`;
  const until = nextAt.slice(11, 19);
  return `${share === 0 ? 'held' : `back for ${share * 100} %`} until ${until}${often}`;
}
