// The fleet's directors for a terminal: who is odd among them, and who sees what and hears whom.

import { formatSpan } from '../model/time.ts';
import type { HealthReport, ObserverReport } from '../model/report.ts';
import { formatTable } from './table.ts';

/** A line for each thing about directors that an operator should look at; none when all is well. */
export function describeFleet(health: HealthReport): string[] {
  const { director, configurations, observers } = health;
  const others = observers.filter((each) => each.isIsolated && each.observer !== director);
  const runs = configurations.map(
    ({ configuration, directors }) => `${configuration} on ${directors.join(' ')}`,
  );
  return [
    ...describeFiles(health),
    ...(health.isMixed ? [`configurations differ: ${runs.join(', ')}`] : []),
    ...(health.observer === 'isolated'
      ? ['this director is isolated: it alone sees every other region down, its votes are left out']
      : []),
    ...others.map(({ observer, region }) => `observer ${observer} in ${region} is isolated`),
  ];
}

/** So many at a time are what somebody mends. */
const mostNamed = 10;

function describeFiles({ files }: HealthReport): string[] {
  if (files.areGood) return [];
  const { goodAt, faultCount, faults } = files;
  const since = `${goodAt.slice(0, 19).replace('T', ' ')}Z`;
  const count = `${faultCount} fault${faultCount === 1 ? '' : 's'}`;
  const more = faultCount > mostNamed ? [`  and ${faultCount - mostNamed} more`] : [];
  return [
    `its files have ${count}, so the last good configuration of ${since} is in force:`,
    ...faults.slice(0, mostNamed).map((fault) => `  ${fault}`),
    ...more,
  ];
}

/** Observers in rows, regions in columns. */
export function formatMatrix({ observers, regions }: HealthReport): string[] {
  const ids = regions.map(({ region }) => region);
  const rows = observers.map((each) => [
    each.observer,
    each.region,
    formatSpan(Math.round(each.ageSeconds) * 1000),
    each.release ?? '?',
    each.configuration ?? '?',
    String(each.epoch ?? '?'),
    ...ids.map((id) => each.sees[id] ?? '-'),
    notesOn(each),
  ]);
  const head = ['OBSERVER', 'IN', 'AGE', 'RELEASE', 'CONFIGURATION', 'EPOCH'];
  return formatTable([...head, ...ids.map((id) => id.toUpperCase()), 'NOTES'], rows);
}

function notesOn({ isHeard, isIsolated, missing, lostBoards }: ObserverReport): string {
  const notes = [
    isHeard ? '' : 'silent',
    isIsolated ? 'isolated' : '',
    missing === null || missing.length === 0 ? '' : `does not hear ${missing.join(' ')}`,
    lostBoards === null || lostBoards === 0 ? '' : `boards lost: ${lostBoards}`,
  ];
  return notes.filter((note) => note !== '').join('; ');
}
