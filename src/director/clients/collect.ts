// Collection: every steered query → its network's count, which fades, is kept on disk, and goes on after a restart.

import { widthOf } from '../../model/ip.ts';
import { type DomainName, formatName } from '../../model/name.ts';
import type { RegionId } from '../../model/region.ts';
import type { ClientSettings } from '../../model/settings.ts';
import { millis } from '../../model/time.ts';
import type { Clock, Log, Random, Store } from '../../ports.ts';
import { locate } from '../../steering/locate.ts';
import type { Plan } from '../../steering/snapshot.ts';
import type { OnSteered } from '../sampled.ts';
import { type Counted, decodeCounted, encodeCounted } from './memory.ts';
import type { Seed } from './tabulation.ts';
import { ClientTally } from './tally.ts';

/** What is counted can be lost for so long at most when a process is killed. */
const saveEvery = millis(600_000);

export interface Clients extends AsyncDisposable {
  /** To be called with every answered query. */
  readonly onAnswer: OnSteered;
  readonly settings: ClientSettings;
  /** With weights faded up to now. */
  counted(): Counted;
}

export interface ClientOptions {
  readonly settings: ClientSettings;
  readonly store: Store | undefined;
  /** In force; undefined for a name that is no longer steered. */
  readonly planOf: (service: DomainName) => Plan | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the first start that counts; kept with what is counted. */
  readonly seed: Seed;
  /** Lets the event loop go on. */
  readonly pause: () => Promise<unknown>;
  readonly log: Log;
}

/** Undefined where nothing is to be collected, so that nothing is paid for what is off. */
export async function startClients(options: ClientOptions): Promise<Clients | undefined> {
  const { settings, clock } = options;
  if (!settings.isCollected) return undefined;
  const counted = await recall(options);
  const fadeNow = (): Counted => fade(counted, settings.halfLife, clock.now());
  const stop = new AbortController();
  const save = createSaver(options);
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(saveEvery, stop.signal);
      await save(fadeNow());
    }
  })();
  return {
    onAnswer: countAnswers(counted.tally, options),
    settings,
    counted: fadeNow,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}

async function recall({ settings, store, clock, seed }: ClientOptions): Promise<Counted> {
  const text = await store?.load(stateName);
  const kept = text === undefined ? undefined : decodeCounted(text, settings.keep);
  const now = clock.now();
  const fresh = { since: now, fadedAt: now, turnedAt: now };
  if (kept === undefined) return { tally: new ClientTally(settings.keep, seed), ...fresh };
  // A moment that lies ahead is of a clock that was since set back.
  const fadedAt = millis(Math.min(kept.fadedAt, now));
  return { ...kept, fadedAt, turnedAt: millis(Math.min(kept.turnedAt, now)) };
}

const stateName = 'clients';

function fade(counted: Counted, halfLife: number, now: Counted['since']): Counted {
  const span = Math.max(0, now - counted.fadedAt);
  if (span > 0) counted.tally.scale(2 ** (-span / halfLife));
  counted.fadedAt = now;
  for (
    ;
    now - counted.turnedAt >= halfLife;
    counted.turnedAt = millis(counted.turnedAt + halfLife)
  ) {
    counted.tally.turn();
  }
  return counted;
}

/** One call for each steered query that was answered in full; who is told to come back is counted then. */
function countAnswers(tally: ClientTally, { settings, random, planOf }: ClientOptions): OnSteered {
  const { sample } = settings;
  const names = new Map<DomainName, number>();
  const regions = new Map<RegionId, number>();
  return ({ edns }, { address }, outcome, decision) => {
    if (decision === undefined || outcome === 'slipped') return;
    if (sample > 1 && random() * sample >= 1) return;
    const { service, regions: chosen } = decision;
    const [first] = chosen;
    const name = numberIn(names, service, () => tally.names.of(formatName(service)));
    const region =
      first === undefined ? 0 : numberIn(regions, first, () => tally.regions.of(first));
    const subnet = edns?.subnet?.source;
    // What did not steer, such as a subnet that is not public or does not count, says nothing of where answers go.
    const plan = subnet && planOf(service);
    const located = plan && locate({ address, origin: 'resolver', subnet }, plan);
    if (subnet !== undefined && located?.by === 'subnet') {
      tally.add(subnet.ip, subnet.length, 'subnet', name, region, sample);
    } else tally.add(address, widthOf(address.family), 'resolver', name, region, sample);
  };
}

/** Only what is configured comes here, so the map stays as small as the configuration. */
function numberIn<T>(known: Map<T, number>, word: T, find: () => number): number {
  const number = known.get(word);
  if (number !== undefined) return number;
  const found = find();
  known.set(word, found);
  return found;
}

function createSaver({ store, pause, log }: ClientOptions): (counted: Counted) => Promise<void> {
  let isFailing = false;
  return async (counted) => {
    if (store === undefined) return;
    const fault = await store.save(stateName, await encodeCounted(counted, pause));
    // A full disk is news once, not at every write.
    if (fault !== undefined && !isFailing) log.error(fault.code, { reason: fault.message });
    isFailing = fault !== undefined;
  };
}
