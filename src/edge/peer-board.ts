// The peer board: the board that another director keeps, over that director's HTTP API.

import { FaultError } from '../model/fault.ts';
import { millis } from '../model/time.ts';
import type { Board, Clock, Log, Posted, Seal } from '../ports.ts';
import { keepBoardState } from './board-state.ts';
import { openPeerLink, type PeerLink } from './peer-link.ts';
import type { Pem } from './pem.ts';
import { createTrafficMeter } from './traffic.ts';

export interface PeerBoardOptions {
  /** Scheme, host and port of the other director's HTTP API. */
  readonly url: string;
  readonly seal: Seal;
  readonly log: Log;
  readonly clock: Clock;
  /** What HTTPS is spoken with, asked for each call; left out, as the system does it. */
  readonly pem?: (() => Pem | undefined) | undefined;
  /** Called at each change, and when the first call succeeds or fails. */
  readonly onState?: ((isUp: boolean) => void) | undefined;
}

/** What is asked of the peer: one slot, for the board that has this life. */
export interface PeerPost {
  /** A word that is new at each start of the board's director. */
  readonly life: string;
  readonly slot: string;
  readonly value: string;
  readonly lifetimeMs: number;
}

/** What the peer answers. */
export interface PeerPage {
  readonly life: string;
  readonly slots: readonly {
    readonly slot: string;
    readonly value: string;
    readonly remainingMs: number;
  }[];
}

/** What a post holds at most, in octets; the peer takes no larger body. */
export const maxPost = 262_144;
const restOfPost = 1024;

/** What one read takes at most: slots, characters of a name, octets of a value. */
const maxSlots = 4096;
const maxName = 200;
const maxValue = 262_144;

/**
 * The text that a post is sealed over. Everybody may read the sealed values on a board, and could
 * post them again; that takes the seal too, and one made for another life of the board is void.
 */
export function textOfPost({ life, slot, value, lifetimeMs }: PeerPost): string {
  return JSON.stringify([life, slot, lifetimeMs, value]);
}

/** Reads settle within 1 s, posts within 2 s. */
export function createPeerBoard(options: PeerBoardOptions): Board {
  const { seal, log, clock, onState } = options;
  const url = new URL('/v1/votes', options.url);
  const name = `peer ${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
  const traffic = createTrafficMeter();
  const link = openPeerLink(url, clock, traffic, options.pem);
  const setTrouble = keepBoardState(name, log, onState);
  const peer = addressPeer(link, seal);
  let isClosed = false;

  const call = async <T>(kind: 'post' | 'read', work: () => Promise<T>): Promise<T> => {
    let reason: string | undefined;
    try {
      return await work();
    } catch (error) {
      reason = (error as Error).message;
      throw new FaultError({ code: 'board.unreachable', message: `${name}: ${reason}` }, error);
    } finally {
      if (!isClosed) setTrouble(kind, reason);
    }
  };

  return {
    name,
    kind: 'peer',
    async post(slot, value, lifetime) {
      const size = Buffer.byteLength(JSON.stringify(value)) + restOfPost;
      if (size > maxPost) throw new RangeError(`${name}: ${slot} makes a post of ${size} octets`);
      const lifetimeMs = Math.max(1, Math.ceil(lifetime));
      await call('post', () => peer.post({ slot, value, lifetimeMs }));
    },
    async read(only) {
      const found = await call('read', async () => slotsOf(await peer.read()));
      return only === undefined ? found : new Map([...found].filter(([slot]) => only.has(slot)));
    },
    // Directors that know each other post to each other, and that is heard at once by the hint of
    // the board posted to; where only one knows the other, its periodic read must do.
    onHint: () => undefined,
    traffic: traffic.total,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      link.close();
    },
  };
}

/** Knows which life of the peer's board posts are for. */
function addressPeer(link: PeerLink, seal: Seal) {
  let life: string | undefined;
  const read = async (): Promise<PeerPage> => {
    const page = parsePage(await link.ask());
    life = page.life;
    return page;
  };
  return {
    read,
    async post(what: Omit<PeerPost, 'life'>): Promise<void> {
      const post: PeerPost = { ...what, life: life ?? (await read()).life };
      try {
        await link.ask(JSON.stringify({ ...post, mac: seal.sign(textOfPost(post)) }));
      } catch (error) {
        // It may have started anew: the next post asks for its life again.
        life = undefined;
        throw error;
      }
    },
  };
}

function parsePage(text: string): PeerPage {
  const page = parseJson(text) as Partial<PeerPage> | null | undefined;
  if (typeof page?.life !== 'string' || page.life.length > maxName || !Array.isArray(page.slots)) {
    throw new TypeError('its answer is no list of votes');
  }
  return { life: page.life, slots: page.slots };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What does not fit into the bounds of one read is left out. */
function slotsOf(page: PeerPage): ReadonlyMap<string, Posted> {
  const found = new Map<string, Posted>();
  for (const each of page.slots.slice(0, maxSlots) as readonly (Partial<Slot> | null)[]) {
    const { slot, value, remainingMs = 0 } = each ?? {};
    if (typeof slot !== 'string' || slot.length > maxName) continue;
    if (typeof value !== 'string' || Buffer.byteLength(value) > maxValue) continue;
    if (Number.isFinite(remainingMs) && remainingMs > 0) {
      found.set(slot, { value, remaining: millis(remainingMs) });
    }
  }
  return found;
}

type Slot = PeerPage['slots'][number];
