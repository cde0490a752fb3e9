// What a zone is read with, and what comes of it.

import type { DomainName } from '../model/name.ts';
import type { Service, Zone } from '../model/settings.ts';
import type { PlacedAlias } from './alias.ts';
import type { MasterZone } from './master/zone.ts';
import type { Choices } from './service.ts';

/** What a zone cannot be read without. */
export interface Surroundings extends Choices {
  /** Names of all zones: what lies in a zone below this one is not this one's. */
  readonly apexes: readonly DomainName[];
  /** The SOA serial where none is given, in Unix milliseconds. */
  readonly modifiedAt: number;
  /** Names of the keys that messages may be signed with. */
  readonly keys: readonly DomainName[];
  /** By the zones' names: what their master files hold, or why they cannot be read. */
  readonly masters: ReadonlyMap<DomainName, ReadMaster>;
}

export type ReadMaster = MasterZone | { readonly reason: string };

export interface ReadZone {
  /** Undefined where it has a fault. */
  readonly zone: Zone | undefined;
  readonly services: readonly Service[];
  /** Looked up once every zone has been read. */
  readonly aliases: readonly PlacedAlias[];
}
