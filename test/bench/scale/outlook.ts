// What a larger fleet would need, worked out from what was measured.

import { encodeBallot } from '../../../src/director/gossip/ballot.ts';
import { repostEvery } from '../../../src/director/gossip/pace.ts';
import { fullEvery } from '../../../src/edge/redis-slots.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { formatTable } from '../table.ts';
import type { Figures } from './main.ts';
import { opinionsOf } from './opinions.ts';
import { pace } from './peers.ts';

/** A way to arrange a large fleet. */
interface Plan {
  readonly name: string;
  /** Votes that each director reads, and opinions in each of them. */
  readonly votes: number;
  readonly opinions: number;
  readonly readEvery: number;
  /** How often each vote is posted, changed or not. */
  readonly postEvery: number;
  /** Directors that read one Redis, and Redis servers that one director reads. */
  readonly readers: number;
  readonly boards: number;
}

const directors = 2000;
const regions = 50;

/** In seconds: what a large fleet does by default. */
const byDefault = { readEvery: 1, postEvery: pace.voteLifetime / 3000 };

/** A name and a number of the index as Redis sends them (RESP3). */
const indexBytes = '*2\r\n$13\r\ndirector-1000\r\n,1795897117092.125\r\n'.length;

const plans: readonly Plan[] = [
  {
    name: 'as built, one Redis',
    votes: directors,
    opinions: regions,
    ...byDefault,
    readers: directors,
    boards: 1,
  },
  {
    name: '… three voters a region, the others only listen',
    votes: 3 * regions,
    opinions: regions,
    ...byDefault,
    readers: directors,
    boards: 1,
  },
  {
    name: '… and a Redis in each region, each director reads three',
    votes: 3 * regions,
    opinions: regions,
    ...byDefault,
    readers: (3 * directors) / regions,
    boards: 3,
  },
  {
    name: '… and `readEvery: 5s`, `voteLifetime: 45s`, hints bring the news',
    votes: 3 * regions,
    opinions: regions,
    readEvery: 5,
    postEvery: 15,
    readers: (3 * directors) / regions,
    boards: 3,
  },
  {
    name: '… and each region observed from seven others only',
    votes: 3 * regions,
    opinions: 7,
    readEvery: 5,
    postEvery: 15,
    readers: (3 * directors) / regions,
    boards: 3,
  },
];

/** Octets beside a text that is read: how long it lives, and its length. */
const besideText = ':16998\r\n$2746\r\n\r\n'.length;

/** What one thing costs in a fleet as measured, in µs of a processor. */
interface Cost {
  readonly redisMicros: number;
  readonly gossipMicros: number;
  readonly tallyMicros: number;
}

/** A page's last part; `most` is the largest fleet that kept its pace. */
export function outlook(most: Figures | undefined): string {
  if (most === undefined) return 'No size kept its pace.\n';
  const cost = costIn(most);
  const lines = plans.map((plan) => {
    const { votes, opinions, readers, boards } = plan;
    const texts = votes * textsPerSecond(plan);
    const bytes = bytesPerSecond(plan, voteBytes(opinions));
    const share = voteBytes(opinions) / voteBytes(regions);
    return [
      plan.name,
      `${megabytes(bytes * boards)}/s`,
      percent((texts * boards * cost.gossipMicros * share) / 1e6),
      percent((votes * opinions * cost.tallyMicros) / 1e6),
      `${megabytes(bytes * readers)}/s`,
      percent((texts * readers * cost.redisMicros) / 1e6),
    ];
  });
  const head = [
    `${directors} directors, ${regions} regions`,
    'received by one',
    'CPU of one: gossip',
    'tally',
    'a Redis sends',
    'CPU of a Redis',
  ];
  return [words(most, cost), formatTable('On paper', head, lines), advice].join('\n');
}

function costIn(fleet: Figures): Cost {
  const texts = fleet.directors * textsPerSecond(paceOf(fleet));
  return {
    redisMicros: (fleet.redisCpu / (texts * fleet.directors)) * 1e6,
    gossipMicros: (fleet.gossipCpu / texts) * 1e6,
    tallyMicros: (fleet.tallyCpu / (fleet.directors * regions)) * 1e6,
  };
}

function paceOf({ directors: count }: Figures): Pick<Plan, 'readEvery' | 'postEvery'> {
  const postEvery = repostEvery(count, {
    postEvery: millis(pace.postEvery),
    voteLifetime: millis(pace.voteLifetime),
  });
  return { readEvery: pace.readEvery / 1000, postEvery: postEvery / 1000 };
}

/** What a director receives from one board. */
function bytesPerSecond(
  plan: Pick<Plan, 'votes' | 'readEvery' | 'postEvery'>,
  vote: number,
): number {
  const { votes, readEvery } = plan;
  return votes * (textsPerSecond(plan) * (vote + besideText) + indexBytes / readEvery);
}

/** How often a director reads the text of one vote: when it is posted anew, and in full. */
function textsPerSecond({ postEvery, readEvery }: Pick<Plan, 'postEvery' | 'readEvery'>): number {
  return 1 / postEvery + 1 / (readEvery * fullEvery);
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

function words(most: Figures, cost: Cost): string {
  const receives = bytesPerSecond({ votes: most.directors, ...paceOf(most) }, most.voteBytes);
  return `A director receives the index at each read, ${indexBytes} octets for each vote, and the text of a vote, with ${besideText} octets
beside it, when it was posted anew and at each ${fullEvery}th read. So what a director receives grows with the fleet,
and what one Redis sends, where all vote and all read, with its square. The largest fleet above that kept its
pace has ${most.directors} directors: each would receive ${(receives / 1000).toFixed(0)} kB/s by this reckoning, and ${(most.receivedBytes / 1000).toFixed(0)} kB/s were measured. A text that
is read costs ${cost.redisMicros.toFixed(0)} µs of Redis and ${cost.gossipMicros.toFixed(0)} µs of the reading director, all its gossip and the index counted in;
the tally takes ${cost.tallyMicros.toFixed(1)} µs a second for each opinion. A vote has ${voteBytes(1)} octets on one region and ${voteBytes(regions)} on ${regions}.
With these figures:
`;
}

const advice = `The first line is beyond what a director holds, which is 1,024 observers, and beyond any Redis.
The second and the last are not built: today every director votes, and on every region. Where a region has
many directors, three of them are enough to speak for it, chosen by a hash of their ids among those that are
heard, and the others only listen: that bounds votes by the number of regions. The third line needs
configuration only: \`gossip.boards\` of a director lists the Redis of its own region and of two others,
chosen so that every two regions are joined through some third; directors relay what a board lacks. So does
the fourth, with \`gossip.readEvery\` and \`health.voteLifetime\`: a director that falls silent is then missed
after 45 s and not after 17 s, while what a living one sees is still told at once. In the last line each
region is observed by a stable choice of seven observing regions, and a verdict takes the majority of those.
Beyond that, verdicts would have to be summed up on the way: the directors of one continent tally among
themselves, and one ballot per continent, signed by each of its voters, goes to the others. That is a second
kind of vote, and worth its trouble only where some hundred voters are not enough.
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
