// When people last changed who answers for whom: by words, by drills, and by new files.

import { drillOfActor } from '../drill/drill-id.ts';
import { type Rdata, type RecordType, recordTypes } from '../model/message.ts';
import { isActive, movesNobody, type Override, type OverrideView } from '../model/override.ts';
import type { Settings, Zone } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import type { Gossip } from './gossip/gossip.ts';
import type { SnapshotCell } from './snapshot.ts';

export interface LastChangeParts {
  readonly cell: SnapshotCell;
  readonly gossip: Pick<Gossip, 'overrides'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What others are sent on by; a TXT record, such as a certificate's proof, sends nobody anywhere. */
const { A, AAAA, CNAME, DNAME, NS, MX, SRV, SVCB, HTTPS } = recordTypes;
const leading: ReadonlySet<RecordType> = new Set([A, AAAA, CNAME, DNAME, NS, MX, SRV, SVCB, HTTPS]);

/**
 * True where new files change nothing that decides who answers for whom: services, regions, how health is
 * judged, and static records that lead somewhere. Master files are not looked into.
 */
export function isStill(running: Settings, next: Settings): boolean {
  if (running === next) return true;
  const factsOf = ({ services, regions, health, zones }: Settings): string =>
    JSON.stringify([[...services.values()], [...regions.values()], health, zones.map(leadsOf)]);
  return factsOf(running) === factsOf(next);
}

const textOf = ({ text }: Rdata): string => text;

function leadsOf({ apex, records }: Zone) {
  const leads = records.filter(({ type }) => leading.has(type));
  return [apex, leads.map(({ name, type, ttl, data }) => [name, type, ttl, data.map(textOf)])];
}

/**
 * When people last changed anything that this director has heard of. What is in force or was lifted says
 * so itself; what has ended since is remembered, so that short words leave their mark as well. A drill is
 * one change, which is made when it is over; a word for nobody is none, nor are files that change nothing of
 * who answers.
 */
export function watchChanges({ cell, gossip, clock }: LastChangeParts): () => Millis | undefined {
  let noted: number | undefined;
  let last: OverrideView = new Map();
  let { settings } = cell.view.snapshot;
  let lifts: ReadonlyMap<string, number> = new Map();
  const note = (moment: number): void => void (noted = Math.max(noted ?? moment, moment));
  // The clock of who lifted a word may be ahead of ours: no lift is later than it was heard of here.
  const lookAtLifts = (now: number): void => {
    const lifted = gossip.overrides().filter(({ isLifted }) => isLifted);
    lifts = new Map(
      lifted.map(({ id, clock: own }) => [id, Math.min(own.wall, lifts.get(id) ?? now)]),
    );
  };
  cell.onSwap(({ snapshot }) => {
    const { overrides } = snapshot;
    const before = settings;
    ({ settings } = snapshot);
    if (isCounted(before, settings) && !isStill(before, settings)) note(clock.now());
    lookAtLifts(clock.now());
    for (const word of overrides.values()) if (isOfPeople(word)) note(word.start);
    for (const [key, word] of last) {
      const isOver = overrides.get(key)?.actor !== word.actor;
      if (isOver && isOfDrill(word)) note(clock.now());
    }
    last = overrides;
  });
  return () => {
    const now = clock.now();
    lookAtLifts(now);
    const said = gossip.overrides().flatMap((word) => {
      const isOpen = isOfDrill(word) && isActive(word, now);
      if (movesNobody(word) || isOpen) return [];
      return Math.min(now, lifts.get(word.id) ?? word.start);
    });
    const all = noted === undefined ? said : [...said, noted];
    return all.length === 0 ? undefined : millis(Math.max(...all));
  };
}

/** A word of a drill that moves clients. */
function isOfDrill(word: Override): boolean {
  return drillOfActor(word.actor) !== undefined && !movesNobody(word);
}

function isOfPeople(word: Override): boolean {
  return drillOfActor(word.actor) === undefined && !movesNobody(word);
}

/** Nobody else asks when files were changed, and thousands of services take their time to compare. */
function isCounted(...sides: readonly Settings[]): boolean {
  return sides.some(({ safety }) => safety?.rules.some(({ kind }) => kind === 'minInterval'));
}
