// Links: what becomes of the bytes from one site to another, and when they arrive.

export const siteNames = ['eu', 'us', 'ap', 'client'] as const;

/** The client's site has no director; resolvers stand there. */
export type Site = (typeof siteNames)[number];

/** What listens at a site, with its port where the site is a network of its own. */
export const services = { dns: 5300, http: 8053, redis: 6379, origin: 8080 } as const;

export type Service = keyof typeof services;

/** One direction between two sites. */
export interface Link {
  readonly isCut: boolean;
  readonly delayMs: number;
  /** Up to so much more delay, by chance; what was sent first still arrives first. */
  readonly jitterMs: number;
  /** The share of packets that are lost. */
  readonly loss: number;
  readonly bytesPerSecond: number;
}

const sound: Link = {
  isCut: false,
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
};

/** Changes a link, for one service or for all of them; nothing given mends it. */
export interface LinkChange {
  readonly from: Site;
  readonly to: Site;
  readonly only?: Service | undefined;
  readonly link?: Partial<Link> | undefined;
}

/** What happens to a packet: `waitMs` from now it arrives, unless it is lost on its way. */
export interface Passage {
  readonly isCut: boolean;
  readonly isLost: boolean;
  readonly waitMs: number;
}

/** What waits for longer than this to be sent finds the buffer full. */
const longestQueueMs = 1000;

export class Links {
  readonly #links = new Map<string, Link>();
  /** By direction: when its sender is free again, and when the last packet arrives. */
  readonly #busy = new Map<string, { freeAt: number; arrivesAt: number }>();

  change({ from, to, only, link }: LinkChange): void {
    const key = `${from} ${to} ${only ?? '*'}`;
    if (link !== undefined) this.#links.set(key, { ...sound, ...link });
    else this.#links.delete(key);
  }

  mendAll(): void {
    this.#links.clear();
  }

  pass(from: Site, to: Site, service: Service | undefined, bytes: number): Passage {
    const direction = `${from} ${to}`;
    const own = service === undefined ? undefined : this.#links.get(`${direction} ${service}`);
    const link = own ?? this.#links.get(`${direction} *`) ?? sound;
    const now = performance.now();
    const busy = this.#busy.get(direction) ?? { freeAt: 0, arrivesAt: 0 };
    const freeAt = Math.max(now, busy.freeAt) + (bytes / link.bytesPerSecond) * 1000;
    const isFull = freeAt - now > longestQueueMs;
    const wanted = freeAt + link.delayMs + Math.random() * link.jitterMs;
    const arrivesAt = Math.max(wanted, busy.arrivesAt);
    if (!isFull) this.#busy.set(direction, { freeAt, arrivesAt });
    return {
      isCut: link.isCut,
      isLost: link.isCut || isFull || Math.random() < link.loss,
      waitMs: arrivesAt - now,
    };
  }
}
