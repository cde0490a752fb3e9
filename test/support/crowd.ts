// A crowd of client networks whose resolvers cache: what shares of a controller do to the load of regions.

import { roomIn } from '../../src/health/room.ts';
import { nextShed, type Shedding, startShedding } from '../../src/health/shed.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { mixHash } from '../../src/steering/hash.ts';
import type { Moment, Race } from '../../src/steering/step.ts';
import { prepareShed } from '../../src/steering/steps/shed.ts';
import { chanceOf } from './chance.ts';
import { aLoad } from './fleet.ts';

export interface Stage {
  readonly seed: number;
  /** What fills each region; its own clients send 1 at factor 1. */
  readonly capacities: readonly number[];
  /** Traffic of a region's own clients at a second, as a factor. */
  readonly demand: (region: number, second: number) => number;
  readonly seconds: number;
  readonly ttl: { readonly stable: number; readonly short: number };
  readonly low: number;
  readonly high: number;
  /** Seconds from one report to the next, and how old one is when it is heard. */
  readonly every: number;
  readonly age: number;
  /** Share by which a report may be wrong either way. */
  readonly noise: number;
}

export interface Report {
  readonly share: number;
  readonly at: number;
}

/** From the newest reports to the shares in force, once a second. */
export type Controller = (second: number, reports: readonly (Report | undefined)[]) => number[];

export interface Course {
  /** By second and region: the share in force, and the load that the region really bears. */
  readonly shares: readonly (readonly number[])[];
  readonly loads: readonly (readonly number[])[];
  /** How often each network was sent to another region than before. */
  readonly moves: readonly number[];
}

interface Network {
  readonly index: number;
  readonly home: number;
  /** All regions in its own order. */
  readonly race: Race;
  readonly traffic: number;
  readonly hash: number;
  /** By how much its resolver stretches a TTL. */
  readonly patience: number;
  at: number;
}

const count = 600;

const calm = { health: new Map(), overrides: new Map(), turn: undefined };

const idOf = (region: number): RegionId => `region-${region}` as RegionId;

/** The controller of this program, at one director that is alone. */
export function ownController({ low, high, ttl, capacities }: Stage): Controller {
  let states: Shedding[] = capacities.map(() => startShedding(millis(0)));
  const settings = { low, high, lifetime: millis(30_000) };
  const spans = { stable: millis(ttl.stable * 1000), short: millis(ttl.short * 1000) };
  return (second, reports) => {
    const room = roomIn(
      states.map((shedding, i) => ({ size: capacities[i] ?? 1, settings, shedding })),
    );
    states = states.map((last, i) => {
      const report = reports[i];
      const load = report && { share: report.share, at: millis(report.at * 1000) };
      const now = millis(second * 1000);
      return nextShed({ last, load, settings, inForce: last.share, room, ttl: spans, now });
    });
    return states.map(({ share }) => share);
  };
}

/** Runs a stage in virtual time; equal stages take equal courses. */
export function runCrowd(stage: Stage, control: Controller): Course {
  const { capacities, demand, seconds, ttl, every, age, noise, seed } = stage;
  const chance = chanceOf(`${seed}`);
  const networks = settle(stage, chance);
  const step = prepareShed(1);
  let shares = capacities.map(() => 0);
  const due: Network[][] = Array.from({ length: seconds + 1 }, () => []);
  for (const network of networks) {
    due[Math.floor(chance() * Math.min(seconds, ttl.stable))]?.push(network);
  }
  /** Traffic at factor 1, by the region that bears it and the one whose clients send it. */
  const borne = capacities.map(() => capacities.map(() => 0));
  const bear = ({ at, home, traffic }: Network, sign: 1 | -1): void => {
    const row = borne[at] as number[];
    row[home] = (row[home] as number) + sign * traffic;
  };
  for (const network of networks) bear(network, 1);
  const moves = networks.map(() => 0);
  const heard: (Report | undefined)[] = capacities.map(() => undefined);
  const under: Report[][] = capacities.map(() => []);
  const course = { shares: [] as number[][], loads: [] as number[][], moves };
  for (let second = 0; second < seconds; second++) {
    const loads = new Map(shares.map((shed, i) => [idOf(i), aLoad({ shed })]));
    const life = shares.some((share) => share > 0) ? ttl.short : ttl.stable;
    for (const network of due[second] ?? []) {
      const moment: Moment = { ...calm, loads, networkHash: network.hash };
      const first = step.apply(network.race, moment).tiers[0]?.[0] ?? '';
      const at = Number(first.slice('region-'.length));
      if (at !== network.at) {
        bear(network, -1);
        network.at = at;
        bear(network, 1);
        moves[network.index] = (moves[network.index] ?? 0) + 1;
      }
      due[Math.min(seconds, second + Math.max(1, Math.round(life * network.patience)))]?.push(
        network,
      );
    }
    const real = borne.map(
      (row, i) =>
        row.reduce((sum, traffic, home) => sum + traffic * demand(home, second), 0) /
        (capacities[i] ?? 1),
    );
    for (const [i, load] of real.entries()) {
      if ((second + i) % every === 0) {
        const share = load * (1 + noise * (2 * chance() - 1));
        under[i]?.push({ share, at: second });
      }
      while ((under[i]?.[0]?.at ?? Number.POSITIVE_INFINITY) <= second - age) {
        heard[i] = under[i]?.shift();
      }
    }
    shares = control(second, heard);
    course.shares.push(shares);
    course.loads.push(real);
  }
  return course;
}

/** Networks of unequal size, a tenth of them behind resolvers that overstay; each has a list of its own. */
function settle({ capacities, seed }: Stage, chance: () => number): Network[] {
  const networks = Array.from({ length: count }, (_, i): Network => {
    const home = i % capacities.length;
    const others = [...capacities.keys()].filter((region) => region !== home);
    const tiers = [home, ...others.sort(() => chance() - 0.5)].map((region) => [idOf(region)]);
    const race: Race = { tiers, reserve: tiers, floored: new Set(), isFailOpen: false };
    const traffic = 1 / (0.1 + chance());
    const patience = chance() < 0.1 ? 2 + 2 * chance() : 0.2 + 0.8 * chance();
    return { index: i, home, race, traffic, hash: mixHash(i, seed), patience, at: home };
  });
  // Every region's own clients send 1 in all.
  const sums = capacities.map((_, region) =>
    networks.reduce((sum, { home, traffic }) => sum + (home === region ? traffic : 0), 0),
  );
  return networks.map((network) => ({
    ...network,
    traffic: network.traffic / (sums[network.home] ?? 1),
  }));
}

/** How often a course of shares turned from up to down or back. */
export function turnsOf(shares: readonly number[]): number {
  let turns = 0;
  let trend = 0;
  for (const [i, share] of shares.entries()) {
    const step = Math.sign(share - (shares[i - 1] ?? share));
    if (step === 0) continue;
    if (trend !== 0 && step !== trend) turns++;
    trend = step;
  }
  return turns;
}
