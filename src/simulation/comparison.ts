// What a change does to the clients of each service, in shares: plain data, ready for JSON and for drawing.

import type { DecisionState } from '../model/decision.ts';

/** Shares are of all clients of the service, 0 to 1, unless they say otherwise. */
export interface Comparison {
  readonly population: {
    readonly source: string;
    /** Clients, or whatever the source counts. */
    readonly clients: number;
  };
  /** Requests a second of all services together; undefined when nobody said. */
  readonly load: number | undefined;
  /** Services that are on both sides. */
  readonly services: readonly ServiceComparison[];
  /** Names that only the new side steers, and those that only the old one does. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Shares of the clients of all services together. */
  readonly total: {
    readonly moved: number;
    readonly farther: Farther;
    readonly slower: Slower;
    readonly moves: readonly Move[];
  };
  /** What all services together bring to each region. */
  readonly regions: readonly RegionComparison[];
}

export interface ServiceComparison {
  readonly name: string;
  readonly clients: number;
  /** Share of clients whose first region is another one than before. */
  readonly moved: number;
  /** Share of clients of whom GeoIP does not know where they are. */
  readonly unlocated: number;
  readonly regions: readonly RegionComparison[];
  /** The largest first. */
  readonly moves: readonly Move[];
  /** By the clients they have, the largest first. */
  readonly countries: readonly CountryComparison[];
  readonly distance: { readonly before: Distances; readonly after: Distances };
  readonly farther: Farther;
  readonly slower: Slower;
  /** Share of clients by how their decision ended; only states that occur. */
  readonly states: {
    readonly before: Readonly<Partial<Record<DecisionState, number>>>;
    readonly after: Readonly<Partial<Record<DecisionState, number>>>;
  };
  /** Distinct ECS scopes of the answers: what one resolver caches at most of this name. */
  readonly scopes: { readonly before: number; readonly after: number };
  /** The map: only cells with clients, from the south-west on. */
  readonly cells: readonly Cell[];
}

export interface RegionComparison {
  readonly region: string;
  /** Share of clients who are sent there first. */
  readonly before: number;
  readonly after: number;
  /** Undefined where no load was given. */
  readonly load: ProjectedLoad | undefined;
}

/** Requests a second, and what share of the region's capacity they are; the latter undefined where it states none. */
export interface ProjectedLoad {
  readonly before: number;
  readonly after: number;
  readonly capacity: number | undefined;
  readonly shareBefore: number | undefined;
  readonly shareAfter: number | undefined;
}

/** Clients who are sent from one region to another; null stands for no region at all. */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly share: number;
  /** Where they are, the largest share first. */
  readonly countries: readonly PartOfMove[];
  /** Their networks where a database of autonomous systems is configured, the largest share first. */
  readonly systems: readonly PartOfMove[];
}

/** A part of a move: a country such as `DE`, empty where it is not known, or `AS3320`. */
export interface PartOfMove {
  readonly of: string;
  /** Share of all clients of the service. */
  readonly share: number;
}

export interface CountryComparison {
  /** ISO 3166-1 alpha-2; empty where GeoIP does not know. */
  readonly country: string;
  readonly share: number;
  /** Share of all clients of the service: those in this country who move. */
  readonly moved: number;
  /** Where most of its clients are sent; null for no region. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Great-circle km from client to region; undefined when nobody is located and served. */
export interface Distances {
  readonly median: number | undefined;
  readonly p95: number | undefined;
}

/** Clients who end up farther from their region than a stated limit allows. */
export interface Farther {
  readonly km: number;
  readonly share: number;
}

/** Clients whose round trip to their region ends up longer than a stated limit allows. */
export interface Slower {
  readonly ms: number;
  readonly share: number;
  /** What the milliseconds of those who move are from: a table of the policy, distance, or now this and now that. */
  readonly by: 'table' | 'distance' | 'both';
}

export const slowerBy: Readonly<Record<Slower['by'], string>> = {
  table: "by the policy's latency table",
  distance: 'estimated from distance',
  both: "by the policy's latency table where it has both figures, else estimated from distance",
};

/** A square of `cellDegrees` on the map. */
export interface Cell {
  /** Of its south-west corner, in degrees. */
  readonly latitude: number;
  readonly longitude: number;
  readonly share: number;
  /** Share of all clients of the service: those in this cell who move. */
  readonly moved: number;
  /** Where most of its clients are sent; null for no region. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The side of a cell of the map. */
export const cellDegrees = 2;
