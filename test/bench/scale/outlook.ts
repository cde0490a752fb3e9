// What a larger fleet would need, worked out from what was measured.

import { encodeBallot } from '../../../src/director/gossip/ballot.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { formatTable } from '../table.ts';
import type { Figures } from './main.ts';
import { opinionsOf } from './opinions.ts';

/** A way to arrange a large fleet. */
interface Plan {
  readonly name: string;
  /** Votes that each director reads, and opinions in each of them. */
  readonly votes: number;
  readonly opinions: number;
  readonly readsPerSecond: number;
  /** Directors that read one Redis, and Redis servers that one director reads. */
  readonly readers: number;
  readonly boards: number;
}

const directors = 2000;
const regions = 50;

const plans: readonly Plan[] = [
  {
    name: 'as built, one Redis',
    votes: directors,
    opinions: regions,
    readsPerSecond: 1,
    readers: directors,
    boards: 1,
  },
  {
    name: 'three voters a region, the others only listen',
    votes: 3 * regions,
    opinions: regions,
    readsPerSecond: 1,
    readers: directors,
    boards: 1,
  },
  {
    name: '… and a Redis in each region, each director reads three',
    votes: 3 * regions,
    opinions: regions,
    readsPerSecond: 1,
    readers: (3 * directors) / regions,
    boards: 3,
  },
  {
    name: '… and a full read every 5 s, hints bring the news',
    votes: 3 * regions,
    opinions: regions,
    readsPerSecond: 0.2,
    readers: (3 * directors) / regions,
    boards: 3,
  },
  {
    name: '… and each region observed from seven others only',
    votes: 3 * regions,
    opinions: 7,
    readsPerSecond: 0.2,
    readers: (3 * directors) / regions,
    boards: 3,
  },
];

/** A page's last part; `rows` as measured, of which those that kept their pace are believed. */
export function outlook(rows: readonly Figures[]): string {
  const believed = rows.filter(
    ({ readsEach, failedCalls }) => readsEach > 0.8 && failedCalls === 0,
  );
  const most = believed.at(-1);
  if (most === undefined) return 'No size kept its pace.\n';
  const slotsRead = most.directors * most.readsEach;
  const overhead = most.receivedBytes / slotsRead - most.voteBytes;
  const redisMicros = (most.redisCpu / (slotsRead * most.directors)) * 1e6;
  const directorMicros = (most.directorCpu / slotsRead) * 1e6;
  const lines = plans.map((plan) => {
    const bytes = plan.votes * (voteBytes(plan.opinions) + overhead) * plan.readsPerSecond;
    const share = voteBytes(plan.opinions) / voteBytes(regions);
    const slots = plan.votes * plan.readsPerSecond;
    return [
      plan.name,
      `${megabytes(bytes * plan.boards)}/s`,
      percent((slots * plan.boards * directorMicros * share) / 1e6),
      `${megabytes(bytes * plan.readers)}/s`,
      percent((slots * plan.readers * redisMicros) / 1e6),
    ];
  });
  const head = [
    `${directors} directors, ${regions} regions`,
    'received by one',
    'CPU of one',
    'a Redis sends',
    'CPU of a Redis',
  ];
  return [
    words(most, { overhead, redisMicros, directorMicros }),
    formatTable('On paper', head, lines),
    advice,
  ].join('\n');
}

/** A vote on so many regions, as it stands on a board. */
function voteBytes(count: number): number {
  const ids = Array.from({ length: count }, (_, i) => `region-${i}` as RegionId);
  const vote = {
    observer: 'director-1000',
    region: 'region-20',
    incarnation: Date.now(),
    sequence: 1000,
    opinions: opinionsOf(ids, ''),
  };
  const ballot = { kind: 'vote', vote, age: millis(0), lifetime: millis(17_000) } as const;
  return encodeBallot(ballot, createSeal(['a secret for measuring only'])).length;
}

function words(
  most: Figures,
  cost: {
    readonly overhead: number;
    readonly redisMicros: number;
    readonly directorMicros: number;
  },
): string {
  return `A director receives *votes × octets of a vote × reads a second*, and a Redis sends that to each of its
readers: on one Redis, where all vote and all read, its load grows with the square of the fleet. From the
largest fleet above that kept its pace (${most.directors} directors): a slot that is read costs ${cost.overhead.toFixed(0)} octets beside the
vote itself, ${cost.redisMicros.toFixed(1)} µs of Redis and ${cost.directorMicros.toFixed(0)} µs of the reading director, all its work counted in. A vote has
${voteBytes(1)} octets on one region and ${voteBytes(regions)} on ${regions}. With these figures:
`;
}

const advice = `The first line is beyond what a director holds, which is 1,024 observers, and beyond any Redis.
The second and the last are not built: today every director votes, and on every region. The third needs
configuration only: \`gossip.boards\` of a director lists the Redis of its own region and of two others,
chosen so that every two regions are joined through some third; directors relay what a board lacks. So does
the fourth: \`gossip.readEvery: 5s\`, with \`health.voteLifetime\` to match. Beyond that, verdicts would
have to be summed up on the way: the directors of one continent tally among themselves, and one ballot per
continent, signed by each of its voters, goes to the others. That is a second kind of vote and worth its
trouble only where some hundred voters are not enough.
`;

function megabytes(bytes: number): string {
  return `${rounded(bytes / 1e6)} MB`;
}

function percent(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** Two digits are as many as such figures can bear. */
function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
