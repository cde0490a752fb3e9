// What every route is given: the app it adds itself to, and the doors behind it.

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { DrillReport } from '../../model/drill.ts';
import type { RefusalChange } from '../../model/refusal.ts';
import type { Settings } from '../../model/settings.ts';
import type { Api, Board, Clock, Log, Respond, Seal } from '../../ports.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface HttpDoors {
  readonly api: Api;
  /** Asked at each use, so that a reload takes effect with the next request. */
  readonly settings: () => Pick<Settings, 'http' | 'regions'>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** The board that is kept for peers; undefined where there are none. */
  readonly votes?: VotesDoor | undefined;
  readonly drillForms: DrillForms;
  readonly clock: Clock;
  readonly log: Log;
  /** Answers DNS messages; undefined where none are taken. */
  readonly respond?: Respond | undefined;
  /** Told of each request once it is answered, for counting. */
  readonly onRequest?: ((seen: HttpSeen) => void) | undefined;
  /** Told of each write that is refused, and of each request that nobody may make. */
  readonly onRefusal?: ((refusal: RefusalChange) => void) | undefined;
  /** Told of those who are not answered at once, for counting. */
  readonly onFollower?: ((seen: FollowerSeen) => void) | undefined;
}

/** A drill's report otherwise than as JSON: whole bodies. */
export interface DrillForms {
  html(report: DrillReport): string;
  markdown(report: DrillReport): string;
  /** The Content-Security-Policy of the page. */
  readonly policy: string;
}

export interface VotesDoor {
  readonly board: Board;
  /** Posts without it are refused. */
  readonly seal: Seal;
  /** A word that is new at each start, so that no post of an earlier life counts. */
  readonly life: string;
}

export interface HttpSeen {
  /** The route's pattern; `none` where no route matched. */
  readonly route: string;
  readonly status: number;
}

export interface FollowerSeen {
  /** `events`: a stream of them; `change`: a request that waits for the next epoch. */
  readonly kind: 'events' | 'change';
  /** `missed`: it was told that events are lost to it; `cut`: it took nothing for too long. */
  readonly what: 'came' | 'left' | 'missed' | 'cut';
}
