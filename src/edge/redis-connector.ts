// The way to a board's Redis: straight, or to the master that Sentinels or nodes of a Cluster name.

import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import type { BoardSettings, Endpoint } from '../model/settings.ts';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { redisOptions } from './redis-options.ts';
import { wordsFor } from './redis-words.ts';
import type { TrafficMeter } from './traffic.ts';

type Stream = Awaited<ReturnType<AbstractConnector['connect']>>;
type Tell = Parameters<AbstractConnector['connect']>[0];

export interface ConnectorOptions {
  readonly settings: BoardSettings;
  /** A key of the board: in a Cluster, the master of its slot is where the board is. */
  readonly key: string;
  readonly clock: Clock;
  readonly traffic: TrafficMeter;
}

/** After which nodes are asked again where none knew the master. */
const pause = millis(1000);

/** How often Sentinels are asked whether the master is still the same one. */
const lookEvery = millis(10_000);

/** What ioredis makes a connector of, which would hand it none but its own options. */
export function connectorFor(options: ConnectorOptions): NonNullable<RedisOptions['Connector']> {
  return class extends BoardConnector {
    constructor() {
      super(options);
    }
  };
}

/**
 * A board is one slot of a Cluster, so in a Cluster too it takes one connection: to the master. That
 * keeps the promises of a link, which the client of ioredis for Clusters does not, as each of its
 * nodes has an offline queue that nothing turns off. Its way to Sentinels would tell a wrong name of
 * the master and Sentinels that are silent in the same words, and would hold connections to them to
 * hear of a master that they have replaced while it was still in our reach.
 */
class BoardConnector extends AbstractConnector {
  readonly #settings: BoardSettings;
  readonly #clock: Clock;
  readonly #finder: Finder;
  #tell: Tell | undefined;
  #left = new AbortController();

  constructor(options: ConnectorOptions) {
    super(redisOptions(options.settings).disconnectTimeout);
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#finder = createFinder(options);
  }

  override async connect(tell: Tell): Promise<Stream> {
    this.connecting = true;
    this.#left = new AbortController();
    this.#tell = tell;
    while (this.connecting) {
      try {
        const master = await this.#finder.find();
        if (this.connecting) return this.#open(master);
      } catch (error) {
        if (this.connecting) tell('error', error as Error);
        await this.#clock.sleep(pause, this.#left.signal);
      }
    }
    throw new Error('Connection is closed.');
  }

  override disconnect(): void {
    this.#left.abort();
    super.disconnect();
  }

  #open(master: Endpoint): Stream {
    const { tls } = redisOptions(this.#settings);
    const stream =
      tls === undefined ? connectTcp({ ...master }) : connectTls({ ...master, ...tls });
    stream.once('error', (error) => (this.firstError = error));
    this.stream = stream;
    if (this.#settings.place.kind === 'sentinel') void this.#patrol(master, stream);
    return stream;
  }

  /** A master that is cut off from the Sentinels and from its replicas takes our posts all the same. */
  async #patrol(master: Endpoint, stream: Stream): Promise<void> {
    const gone = new AbortController();
    stream.once('close', () => gone.abort());
    while (!gone.signal.aborted) {
      await this.#clock.sleep(lookEvery, gone.signal);
      const now = gone.signal.aborted ? master : await this.#finder.find().catch(() => master);
      if (now.host === master.host && now.port === master.port) continue;
      stream.destroy(new Error('the Sentinels name another master'));
    }
  }

  /** INFO of the Redis that was found, without a role where the user may not ask. */
  override check(info: { readonly role?: string } | undefined): boolean {
    const isMaster = info?.role === undefined || info.role === 'master';
    if (!isMaster) this.#tell?.('error', new Error('it is a replica'));
    return isMaster;
  }
}

interface Finder {
  find(): Promise<Endpoint>;
}

/** Starts each round behind the node that answered last: what it says may be old, or a dead end. */
function createFinder({ settings, key, traffic }: ConnectorOptions): Finder {
  const { place } = settings;
  if (place.kind === 'single') {
    const { host, port } = place;
    return { find: async () => ({ host, port }) };
  }
  const { nodes } = place;
  let next = 0;
  return {
    async find() {
      const reasons: string[] = [];
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[next++ % nodes.length] as Endpoint;
        try {
          return place.kind === 'sentinel'
            ? await askSentinel(node, place, settings, traffic)
            : await askNode(node, key, settings, traffic);
        } catch (error) {
          reasons.push(`${node.host}:${node.port} ${(error as Error).message}`);
        }
      }
      throw new Error(`nobody tells where the master is: ${reasons.join('; ')}`);
    },
  };
}

/** https://redis.io/docs/latest/develop/reference/sentinel-clients/ */
async function askSentinel(
  node: Endpoint,
  place: Extract<BoardSettings['place'], { kind: 'sentinel' }>,
  settings: BoardSettings,
  traffic: TrafficMeter,
): Promise<Endpoint> {
  const own = { ...settings, username: place.username, password: place.password };
  return ask(node, own, traffic, async (redis) => {
    const answer = await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', place.name);
    if (answer === null) throw new Error(`knows no master "${place.name}"`);
    const [host, port] = Array.isArray(answer) ? answer.map(String) : [];
    const master = endpointOf(host ?? '', port ?? '');
    if (master === undefined) throw new Error('gave no address');
    return master;
  });
}

/** How often whoever is asked may name another. */
const hops = 3;

/**
 * Whoever does not hold the key names who does (Redis Cluster specification, MOVED redirection).
 * What an old view of the Cluster names is believed only when it says the same of itself.
 */
async function askNode(
  node: Endpoint,
  key: string,
  settings: BoardSettings,
  traffic: TrafficMeter,
): Promise<Endpoint> {
  let at = node;
  let way = '';
  for (let hop = 0; hop < hops; hop++) {
    const holder = ask(at, settings, traffic, (redis) => whoHolds(redis, key, at.host));
    const other = await holder.catch((error: unknown) => {
      throw new Error(way + (error as Error).message, { cause: error });
    });
    if (other === undefined) return at;
    at = other;
    way += `names ${at.host}:${at.port}, `;
  }
  throw new Error(`${way}which is a circle`);
}

/** Undefined when it is this node. */
async function whoHolds(redis: Redis, key: string, host: string): Promise<Endpoint | undefined> {
  try {
    await redis.pttl(key);
    return undefined;
  } catch (error) {
    const moved = /^MOVED \d+ (.*):(\d+)$/.exec((error as Error).message);
    // Without a host it is the one that was asked.
    const other = moved && endpointOf(moved[1] || host, moved[2] ?? '');
    if (other === null || other === undefined) throw error;
    return other;
  }
}

function endpointOf(host: string, digits: string): Endpoint | undefined {
  const port = Number(digits);
  return host !== '' && host.length <= 255 && port > 0 && port <= 65_535
    ? { host, port }
    : undefined;
}

/** One question over a connection of its own. */
async function ask<T>(
  node: Endpoint,
  settings: BoardSettings,
  traffic: TrafficMeter,
  question: (redis: Redis) => Promise<T>,
): Promise<T> {
  const once = { enableReadyCheck: false, retryStrategy: () => null };
  const redis = new Redis({ ...redisOptions(settings), ...node, ...once });
  let reason: unknown;
  redis.on('error', (error) => (reason = error));
  redis.on('connect', () => traffic.watch(redis.stream));
  try {
    await redis.connect();
    return await question(redis);
  } catch (error) {
    throw new Error(wordsFor(reason ?? error, settings.password), { cause: error });
  } finally {
    redis.disconnect();
  }
}
