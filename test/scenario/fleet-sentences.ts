// Sentences that describe the fleet, before any time passes.

import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { Place } from './draft.ts';
import { type Act, addSeat, seatOf, type Stage } from './stage.ts';

/** Settings and policies are written as in an operator's files. */
export const fleetSentences: Readonly<Record<string, Act>> = {
  'region REGION at PLACE [with SETTINGS]': (stage, { REGION, PLACE, SETTINGS }) => {
    const more = parse(SETTINGS || '{}') as object;
    draftOf(stage).regions.set(REGION, { at: placeOf(PLACE), more });
  },
  'observers REGIONS': (stage, { REGIONS }) => {
    draftOf(stage).observers = REGIONS.split(' ');
  },
  'boards BOARDS': (stage, { BOARDS }) => {
    draftOf(stage).boards = BOARDS.split(' ');
  },
  'director DIRECTOR in REGION': (stage, { DIRECTOR, REGION }) => addSeat(stage, DIRECTOR, REGION),
  'director DIRECTOR is of the release before': (stage, { DIRECTOR }) => {
    seatOf(stage, DIRECTOR).isOlder = true;
  },
  'service NAME over REGIONS by POLICY': (stage, { NAME, REGIONS, POLICY }) => {
    const service = { name: NAME, regions: REGIONS.split(' '), policy: parse(POLICY) as unknown };
    draftOf(stage).services.set(NAME, service);
  },
  'static NAME TYPE DATA': (stage, { NAME, TYPE, DATA }) => {
    draftOf(stage).records.push({ name: NAME, type: TYPE, data: DATA });
  },
  'client CLIENT NETWORK at PLACE [in COUNTRY]': (stage, { CLIENT, NETWORK, PLACE, COUNTRY }) => {
    const facts = { network: NETWORK, at: placeOf(PLACE), country: COUNTRY };
    draftOf(stage).clients.set(CLIENT, facts);
  },
  'settle SPAN': (stage, { SPAN }) => {
    draftOf(stage).settle = SPAN;
  },
  'safety SETTINGS': (stage, { SETTINGS }) => {
    draftOf(stage).safety = parse(SETTINGS) as object;
  },
  'returns SETTINGS': (stage, { SETTINGS }) => {
    draftOf(stage).returns = parse(SETTINGS) as object;
  },
};

function draftOf({ draft, settings }: Stage): Stage['draft'] {
  assert.equal(settings, undefined, 'directors are running already');
  return draft;
}

function placeOf(text: string): Place {
  const [lat = 0, lon = 0] = text.split(',').map(Number);
  return { lat, lon };
}
