// A zone and its answers as text, for tests of what an authority says.

import assert from 'node:assert/strict';
import { answerStatic } from '../../src/authority/answer.ts';
import { findName, indexZones } from '../../src/authority/zone.ts';
import { parseType, type RRset, typeName } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { nameOf } from './answers.ts';
import { settingsOf, zoneText } from './config.ts';

/** One line for the response code (`AA` when authoritative) and one for each record, its section first. */
export type AskZone = (name: string, type: string, wantsDnssec?: boolean) => string[];

/** The zone example.test with these records and services, each one line of YAML, and other zones beside it. */
export function zoneStage(
  records: readonly string[],
  services: readonly string[] = [],
  zones: readonly string[] = [],
): AskZone {
  const main = [zoneText({ records, services }).trimEnd(), ...zones.map((zone) => `  - ${zone}`)];
  const index = indexZones(settingsOf({ main: main.join('\n') }));
  return (name, type, wantsDnssec = false) => {
    const code = parseType(type);
    assert.ok(code !== undefined);
    const asked = nameOf(name);
    const answer = answerStatic(index, findName(index, asked, code), asked, code, wantsDnssec);
    return [
      `${answer.rcode}${answer.isAuthoritative ? ' AA' : ''}`,
      ...show('answer', answer.answers),
      ...show('authority', answer.authority),
      ...show('additional', answer.additional),
    ];
  };
}

function show(section: string, sets: readonly RRset[]): string[] {
  return sets.flatMap(({ name, type, ttl, data }) =>
    data.map(({ text }) => `${section} ${formatName(name)} ${ttl} ${typeName(type)} ${text}`),
  );
}
