// Watching a fleet through one failure: what was answered meanwhile, what moved, and how soon.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatTable } from '../../bench/table.ts';
import { eventually } from '../eventually.ts';
import { type FleetRegion, fleetRegions } from '../fleet-process.ts';
import type { AskReport } from './asker.ts';
import { clients, ownPatienceMs, postAt, regionOf, type SiteFleet } from './fleet.ts';

type Client = keyof typeof clients;

/** One line of the table: what happened, and figures of it. */
export interface Episode {
  /** Waits until these directors answer this client so; all of them unless told otherwise. */
  moved(client: Client, to: FleetRegion, directors?: readonly FleetRegion[]): Promise<void>;
  /** Called when it has been noticed, where no log says so. */
  noticed(): void;
  /** Waits; no answer of these directors may have moved since the begin, or since it was to move. */
  nothingMoves(seconds: number, directors?: readonly FleetRegion[]): Promise<void>;
  /** Ends the episode: nobody's question may have been lost, but at directors that could not answer. */
  end(silent?: readonly FleetRegion[]): Promise<void>;
}

export class Watch {
  readonly #fleet: SiteFleet;
  readonly #rows: string[][] = [];

  constructor(fleet: SiteFleet) {
    this.#fleet = fleet;
  }

  table(title: string): string {
    const head = ['what', 'noticed', 'first moved', 'last moved', 'asked', 'asked again', 'lost'];
    return formatTable(title, head, this.#rows);
  }

  /** `events` are lines of directors' logs that say that it was noticed. */
  async begin(what: string, events: readonly string[]): Promise<Episode> {
    const start = Date.now();
    const before = await this.#reports();
    let moves: readonly number[] = [];
    let noticedAt: number | undefined;
    const restSince = new Map(fleetRegions.map((region) => [region, start]));
    return {
      moved: async (client, to, directors = fleetRegions) => {
        const times = directors.map((region) => this.#moment(region, client, to));
        moves = (await Promise.all(times)).map((at) => at - start);
        for (const region of directors) restSince.set(region, Date.now());
      },
      noticed: () => {
        noticedAt = Date.now();
      },
      nothingMoves: async (span, directors = fleetRegions) => {
        await sleep(span * 1000);
        for (const region of directors) {
          const since = restSince.get(region) ?? start;
          const { moves: all } = await this.#report(region);
          // The move that was waited for may be of this very millisecond.
          const late = all.filter(({ at }) => at > since);
          const story = all.filter(({ at }) => at >= start);
          assert.equal(late.length, 0, `${what}: ${region} moved ${JSON.stringify(story)}`);
        }
      },
      end: async (silent = []) => {
        // What a silent one was asked is lost here, and not in what comes next.
        if (silent.length > 0) await sleep(ownPatienceMs + 200);
        const after = await this.#reports();
        const sum = (key: 'asked' | 'retried' | 'lost' | 'empty'): number =>
          [...after].reduce(
            (total, [who, report]) =>
              silent.some((region) => region === who)
                ? total
                : total + report[key] - (before.get(who)?.[key] ?? 0),
            0,
          );
        assert.equal(sum('empty'), 0, `${what}: no answer is empty`);
        assert.equal(sum('lost'), 0, `${what}: no answer is lost`);
        const noticed = noticedAt ?? this.#firstLine(events, start);
        this.#rows.push([
          what,
          seconds(noticed === undefined ? undefined : noticed - start),
          seconds(moves.length === 0 ? undefined : Math.min(...moves)),
          seconds(moves.length === 0 ? undefined : Math.max(...moves)),
          String(sum('asked')),
          String(sum('retried')),
          String(sum('lost')),
        ]);
      },
    };
  }

  /** Waits until everybody is heard by everybody, and nothing is wrong. */
  async settled(): Promise<void> {
    await eventually('the fleet is well', async () => {
      const asked = fleetRegions.map((region) => this.#fleet.health(region));
      // A director that does not answer yet is not well yet.
      const reports = await Promise.all(asked).catch(() => []);
      const areWell = reports.every(
        ({ gossip, missingObservers, boards, regions }) =>
          gossip === 'fresh' &&
          missingObservers.length === 0 &&
          boards.every(({ isUp }) => isUp) &&
          regions.every(({ verdict, isKept }) => verdict === 'up' && !isKept),
      );
      return reports.length > 0 && areWell;
    });
    for (const region of fleetRegions) {
      for (const client of Object.keys(clients) as Client[]) {
        await this.#moment(region, client, client);
      }
    }
  }

  #report(region: FleetRegion): Promise<AskReport> {
    return postAt(this.#fleet.posts, region).agent.report();
  }

  async #reports(): Promise<Map<string, AskReport>> {
    const own = fleetRegions.map(async (region) => [region, await this.#report(region)] as const);
    const resolver = await this.#fleet.resolver.report();
    return new Map<string, AskReport>([...(await Promise.all(own)), ['client', resolver]]);
  }

  /** When this director began to give the answer that it gives now, once it gives that one. */
  async #moment(region: FleetRegion, client: Client, to: FleetRegion): Promise<number> {
    let moment = 0;
    await eventually(`${region} answers the client of ${client} with ${to}`, async () => {
      const { moves } = await this.#report(region);
      const last = moves.findLast((move) => move.client === client);
      moment = last?.at ?? 0;
      return last !== undefined && regionOf(last.answer) === to;
    });
    return moment;
  }

  #firstLine(events: readonly string[], start: number): number | undefined {
    const times = [...this.#fleet.posts.values()].flatMap(({ director }) =>
      director
        .logs()
        .filter(({ event }) => events.includes(String(event)))
        .map(({ time }) => Date.parse(String(time))),
    );
    const later = times.filter((time) => time >= start);
    return later.length === 0 ? undefined : Math.min(...later);
  }
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`;
}
