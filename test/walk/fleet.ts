// The small fleets that are walked over: who stands where, how patient they are, whom clients are nearest to.

import type { Atlas } from '../../src/model/atlas.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Random } from '../../src/ports.ts';
import { atlasOf, settle, startDraft } from '../scenario/draft.ts';

export interface Fleet {
  readonly name: string;
  /** Ids by the region they stand in, which is what comes before the dash. */
  readonly directors: readonly string[];
  /** Regions of the service. */
  readonly serving: readonly string[];
  /** All regions: each is probed by everybody. */
  readonly regions: readonly string[];
  readonly observers: readonly string[];
  readonly boards: readonly string[];
  readonly patience: Patience;
  readonly settings: Settings;
  readonly atlas: Atlas;
}

/** As configured, in ms. */
export interface Patience {
  readonly interval: number;
  readonly timeout: number;
  readonly downAfter: number;
  readonly upAfter: number;
  readonly holdDown: number;
  readonly voteLifetime: number;
  readonly postEvery: number;
  readonly readEvery: number;
  readonly hold: number;
  readonly stage: number;
  readonly longestHold: number;
}

interface Shape {
  readonly name: string;
  readonly directors: readonly string[];
  readonly serving: readonly string[];
}

const shapes: readonly Shape[] = [
  { name: 'three', directors: ['eu-1', 'us-1', 'ap-1'], serving: ['eu', 'us', 'ap'] },
  { name: 'three', directors: ['eu-1', 'us-1', 'ap-1'], serving: ['eu', 'us', 'ap'] },
  { name: 'two', directors: ['eu-1', 'us-1'], serving: ['eu', 'us'] },
  { name: 'two and a witness', directors: ['eu-1', 'us-1', 'ap-1'], serving: ['eu', 'us'] },
  {
    name: 'three, with two directors in one region',
    directors: ['eu-1', 'eu-2', 'us-1', 'ap-1'],
    serving: ['eu', 'us', 'ap'],
  },
];

const places = {
  eu: { lat: 53, lon: -6 },
  us: { lat: 39, lon: -77 },
  ap: { lat: 36, lon: 140 },
} as const;

/** One client near each region, and the order of regions by distance, worked out on a globe. */
export const clients = [
  { name: 'berlin', network: '141.20.0.0/24', at: { lat: 52, lon: 13 }, order: ['eu', 'us', 'ap'] },
  {
    name: 'boston',
    network: '128.30.0.0/24',
    at: { lat: 42, lon: -71 },
    order: ['us', 'eu', 'ap'],
  },
  { name: 'osaka', network: '133.1.0.0/24', at: { lat: 35, lon: 135 }, order: ['ap', 'eu', 'us'] },
] as const;

const common = { interval: 2000, timeout: 1000, upAfter: 2, postEvery: 2000, readEvery: 1000 };
const atOnce = { hold: 0, stage: 0, longestHold: 0 };
const inStages = { hold: 6000, stage: 3000, longestHold: 12_000 };

const patiences: readonly Patience[] = [
  { ...common, downAfter: 2, holdDown: 0, voteLifetime: 7000, ...atOnce },
  { ...common, downAfter: 3, holdDown: 4000, voteLifetime: 7000, ...inStages },
  { ...common, downAfter: 2, holdDown: 0, voteLifetime: 17_000, ...inStages },
  { ...common, downAfter: 1, holdDown: 0, voteLifetime: 7000, ...inStages },
];

export function drawFleet(random: Random): Fleet {
  const shape = drawFrom(shapes, random);
  const patience = drawFrom(patiences, random);
  const regions = [...new Set(shape.directors.map(regionOf))];
  const draft = startDraft();
  const { interval, timeout, downAfter, upAfter, holdDown } = patience;
  for (const region of regions) {
    const times = { interval: `${interval}ms`, timeout: `${timeout}ms`, holdDown: `${holdDown}ms` };
    const thresholds = { downAfter, upAfter, flapHalfLife: '0s' };
    const probe = { tcp: `${region}:80`, ...times, ...thresholds };
    draft.regions.set(region, { at: places[region as keyof typeof places], more: { probe } });
  }
  for (const { name, network, at } of clients)
    draft.clients.set(name, { network, at, country: '' });
  draft.services.set('www', { name: 'www', regions: shape.serving, policy: 'nearest' });
  draft.observers = regions;
  draft.boards = ['one', 'two'];
  const { hold, stage, longestHold, voteLifetime } = patience;
  draft.returns = { hold: `${hold}ms`, stage: `${stage}ms`, longestHold: `${longestHold}ms` };
  Object.assign(draft.health, { voteLifetime: `${voteLifetime}ms` });
  const [first = ''] = shape.directors;
  const settings = settle(draft, { id: first, region: regionOf(first) });
  const { boards } = draft;
  return {
    ...shape,
    regions,
    observers: regions,
    boards,
    patience,
    settings,
    atlas: atlasOf(draft),
  };
}

export function regionOf(director: string): string {
  return director.slice(0, director.indexOf('-'));
}

export function drawFrom<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)] as T;
}
