// What `meridian explain` prints of a situation: the text, and the same as JSON.

import { describeReport } from '../../../src/cli/explain.ts';
import { resolve } from '../../../src/director/resolve.ts';
import { viewOf } from '../../support/dns-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { anIp, aService, aSnapshot, noon } from '../../support/fleet.ts';
import { atlas, regions, type Situation } from './situations.ts';

export function tell({ what, steps, service, facts, client, resolver }: Situation): {
  readonly text: string;
  readonly json: string;
} {
  const fleet = facts?.regions ?? regions;
  const services = [aService({ regions: fleet, steps, ...service })];
  const snapshot = aSnapshot({ regions: fleet, services, atlas, ...facts });
  const request = { name: 'www.example.test', type: 'A', explain: true, peer: anIp('192.0.2.1') };
  const asked = { ...request, client, resolver };
  const report = resolve(viewOf(snapshot), asked, createFakeClock(noon));
  if ('code' in report) throw new Error(report.message);
  const { trail, ...answer } = report;
  const { text: _told, ...why } = trail ?? {};
  return {
    text: `# ${what}\n\n${describeReport(report).join('\n')}\n`,
    json: `${JSON.stringify({ ...answer, trail: why }, undefined, 2)}\n`,
  };
}
