// The cast of a scenario: a configuration, a director in each observing region, and their boards.

import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';
import { decodeMemory } from '../../src/director/memory.ts';
import { decodeVerdicts } from '../../src/director/verdicts.ts';
import type { Atlas } from '../../src/model/atlas.ts';
import { formatIp } from '../../src/model/ip.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Store } from '../../src/ports.ts';
import { anAtlas } from '../support/atlas.ts';
import { settingsOf } from '../support/config.ts';
import { type DirectorStage, startDirectorStage } from '../support/director-stage.ts';
import { createStage, type StageBoard } from '../support/gossip-stage.ts';

export interface Player {
  readonly region: string;
  readonly store: Store;
  readonly stage: DirectorStage;
}

export interface Ensemble extends AsyncDisposable {
  /** Lets time pass until then, in ms from the start. */
  until(moment: number): Promise<void>;
  pass(span: number): Promise<void>;
  /** A tenth of a second passes while something is awaited. */
  during<T>(work: Promise<T>): Promise<T>;
  player(region: string): Player;
  living(): readonly Player[];
  /** Who is asked. */
  current(): Player;
  turnTo(region: string): void;
  stop(region: string): Promise<void>;
  start(region: string): Promise<void>;
  setBoard(name: string, state: string): void;
  addressesOf(region: string, type: string): readonly string[];
}

/** Where regions stand, and what is said of them unless a scenario says more. */
const places: Readonly<Record<string, object>> = {
  eu: { title: 'Dublin', country: 'IE', latitude: 53.35, longitude: -6.26 },
  us: { title: 'Ashburn', country: 'US', latitude: 39.04, longitude: -77.49 },
  ap: { title: 'Tokyo', country: 'JP', latitude: 35.68, longitude: 139.65 },
  sa: { title: 'São Paulo', country: 'BR', latitude: -23.55, longitude: -46.63 },
};

/** Where clients are: London, New York, Tokyo, Rio de Janeiro. */
const atlas: Atlas = anAtlas([
  { prefix: '81.0.0.0/8', country: 'GB', city: 'London', lat: 51.5, lon: -0.1 },
  { prefix: '2a00::/12', country: 'GB', city: 'London', lat: 51.5, lon: -0.1 },
  { prefix: '9.0.0.0/8', country: 'US', city: 'New York', lat: 40.7, lon: -74 },
  { prefix: '2600::/12', country: 'US', city: 'New York', lat: 40.7, lon: -74 },
  { prefix: '133.0.0.0/8', country: 'JP', city: 'Tokyo', lat: 35.7, lon: 139.7 },
  { prefix: '200.0.0.0/8', country: 'BR', city: 'Rio de Janeiro', lat: -22.9, lon: -43.2 },
]);

/** Builds everybody from the lines that stand before the first thing that happens. */
export async function raise(cast: readonly string[]): Promise<Ensemble> {
  const read = (verb: string): string[] =>
    cast.filter((line) => line.startsWith(`${verb} `)).map((line) => line.slice(verb.length + 1));
  const observers = (read('observers')[0] ?? 'eu').split(' ');
  const settings = readSettings(read, observers);
  const { clock, board } = createStage();
  const boards = new Map(
    (read('boards')[0] ?? 'one').split(' ').map((name) => [name, board(name)]),
  );
  const players = new Map<string, Player>();
  const open = async (region: string, store: Store): Promise<Player> => {
    const own = { ...settings, director: { id: `${region}-1`, region } };
    const kept = decodeVerdicts((await store.load('verdicts')) ?? '');
    const stage = startDirectorStage({
      settings: own,
      clock,
      boards: [...boards.values()],
      atlas,
      store,
      memory: decodeMemory((await store.load('gossip')) ?? ''),
      ...(kept === undefined ? {} : { first: kept }),
    });
    return { region, store, stage };
  };
  for (const region of observers) players.set(region, await open(region, memoryStore()));
  const begun = clock.now();
  const stopped = new Set<string>();
  let turn = observers[0] ?? '';
  const player = (region: string): Player => {
    const found = players.get(region);
    assert.ok(found && !stopped.has(region), `no director runs in ${region}`);
    return found;
  };
  const living = (): Player[] => [...players.values()].filter(({ region }) => !stopped.has(region));
  return {
    until(moment) {
      const rest = begun + moment - clock.now();
      assert.ok(rest >= 0, 'that moment is over');
      return clock.advance(rest);
    },
    pass: (span) => clock.advance(span),
    async during(work) {
      await clock.advance(100);
      return work;
    },
    player,
    living,
    current: () => player(turn),
    turnTo: (region) => {
      turn = player(region).region;
    },
    async stop(region) {
      const closing = player(region).stage[Symbol.asyncDispose]();
      stopped.add(region);
      await clock.advance(0);
      await closing;
    },
    async start(region) {
      const last = players.get(region);
      assert.ok(last && stopped.delete(region), `${region} was not stopped`);
      players.set(region, await open(region, last.store));
    },
    setBoard(name, state) {
      const found = boards.get(name);
      assert.ok(found, `no board is called ${name}`);
      found.state = state as StageBoard['state'];
    },
    addressesOf: (id, type) => {
      const region = [...settings.regions.values()].find((each) => each.id === id);
      return (type === 'A' ? region?.ipv4 : region?.ipv6)?.map(formatIp) ?? [];
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(living().map(({ stage }) => stage[Symbol.asyncDispose]()));
    },
  };
}

/** The files that an operator would write, checked by the real code. */
function readSettings(read: (verb: string) => string[], observers: readonly string[]): Settings {
  const ids = (read('regions')[0] ?? 'eu us').split(' ');
  const regions = ids.map((id, i) => {
    const more = read('region')
      .find((line) => line.startsWith(`${id} `))
      ?.slice(id.length + 1);
    const own = { ipv4: [`192.0.2.${10 + i}`], ipv6: [`2001:db8::${10 + i}`] };
    const host = { nameserver: { ipv4: [`198.51.100.${10 + i}`] } };
    return [id, stringify({ ...places[id], ...own, ...host, ...(parse(more ?? '{}') as object) })];
  });
  const services = read('service').map((line) => parse(line) as object);
  const main = stringify({
    director: { id: 'eu-1', region: 'eu' },
    health: { observers, settle: read('settle')[0] ?? '10m' },
    zones: [
      {
        name: 'example.test',
        services: services.length > 0 ? services : [{ name: 'www', regions: ids }],
        records: read('record').map((line) => parse(line) as object),
      },
    ],
  });
  return settingsOf({ main, regions: Object.fromEntries(regions) });
}

function memoryStore(): Store {
  const texts = new Map<string, string>();
  return {
    load: async (name) => texts.get(name),
    save: async (name, text) => {
      texts.set(name, text);
      return undefined;
    },
  };
}
