// What a director tells of its clients, as plain data ready for JSON.

export interface ClientsReport {
  readonly director: string;
  /** False where the configuration does not ask for it: then there is nothing to tell. */
  readonly isCollecting: boolean;
  /** ISO 8601 in UTC; null where nothing is collected. */
  readonly since: string | null;
  readonly until: string | null;
  /** After so long a query counts half. */
  readonly halfLifeSeconds: number;
  /** Queries so far, as they count by now. */
  readonly total: number;
  /** Share of them, 0 to 1, that resolvers asked without saying for whom. */
  readonly resolverShare: number;
  /** An estimate of how many networks asked, within about 2 %. */
  readonly networks: number;
  /** Share of the queries that surely belong to no pair that is kept. */
  readonly outsideShare: number;
  /** Where those were sent, largest first. */
  readonly outside: readonly { readonly region: string; readonly weight: number }[];
  /** The busiest pairs of network and name, busiest first. */
  readonly clients: readonly ClientReport[];
}

export interface ClientReport {
  readonly network: string;
  readonly name: string;
  readonly by: 'subnet' | 'resolver';
  /** Queries, at least. */
  readonly weight: number;
  /** How many more there may be. */
  readonly error: number;
  /** Of all queries. */
  readonly share: number;
  /** Where it is sent now; null where nowhere, or where the name is steered no more. */
  readonly region: string | null;
}
