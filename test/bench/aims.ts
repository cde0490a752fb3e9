// What Meridian set itself, beside what this run measured.

import { ratioOf } from './contest-page.ts';
import type { Disturbed } from './disturbed.ts';
import type { Flip } from './flip.ts';
import type { MixKey } from './mixes.ts';
import type { Result } from './rounds.ts';
import type { StartCost } from './start.ts';
import { formatTable } from './table.ts';

/** What was measured; a part that this run left out is left out here. */
export interface Measured {
  readonly mixes: ReadonlyMap<MixKey, readonly Result[]>;
  readonly disturbed?: readonly Disturbed[] | undefined;
  readonly flip?: Flip | undefined;
  readonly start?: readonly StartCost[] | undefined;
}

interface Aim {
  readonly what: string;
  readonly wanted: string;
  /** Undefined where the run has no figure. */
  readonly measured: number | undefined;
  readonly unit: string;
  readonly isMet: (figure: number) => boolean;
}

const atMost =
  (limit: number) =>
  (figure: number): boolean =>
    figure <= limit;

/** Two that differ by less than this are level: rounds of one server differ as much. */
const level = 1.1;

const me = 'Meridian';

export function aimTable(measured: Measured): string {
  const rows = [...costAims(measured), ...delayAims(measured), ...startAims(measured)].map(
    ({ what, wanted, measured: figure, unit, isMet }) => {
      if (figure === undefined || Number.isNaN(figure)) return [what, wanted, '–', '–'];
      const digits = figure < 10 ? 2 : 0;
      return [what, wanted, `${figure.toFixed(digits)}${unit}`, isMet(figure) ? 'yes' : 'NO'];
    },
  );
  return formatTable(
    'What was set, and what was measured',
    ['what', 'set', 'measured', 'met'],
    rows,
  );
}

function costAims({ mixes }: Measured): Aim[] {
  const ratio = (key: MixKey, name: string, other: string): number | undefined =>
    ratioOf(mixes.get(key) ?? [], name, other);
  const echo = 'bare dgram echo';
  const cost = (
    what: string,
    wanted: string,
    measured: number | undefined,
    limit: number,
  ): Aim => ({
    what,
    wanted,
    measured,
    unit: ' ×',
    isMet: atMost(limit),
  });
  return [
    cost('CPU, one steered A: × the echo', '≤ 1.15', ratio('one', me, echo), 1.15),
    cost('… 100,000 clients by ECS', '≤ 1.25', ratio('subnets', me, echo), 1.25),
    cost('… with a cookie each', '≤ 1.25', ratio('cookies', me, echo), 1.25),
    cost('… × PowerDNS, one name', '< 1', ratio('one', me, 'PowerDNS'), 1),
    cost('… × PowerDNS, 100,000 clients', '< 1', ratio('subnets', me, 'PowerDNS'), 1),
    cost('… × BIND, one name', 'level', ratio('one', me, 'BIND'), level),
    {
      what: '… the dns2 README server ÷ Meridian, 100,000 clients',
      wanted: '≥ 5',
      measured: ratio('subnets', 'dns2 README server', me),
      unit: ' ×',
      isMet: (figure) => figure >= 5,
    },
  ];
}

function delayAims({ disturbed, flip }: Measured): Aim[] {
  const delays = (disturbed ?? [])
    .filter(({ isFloor }) => isFloor !== true)
    .map(
      ({ what, p99 }): Aim => ({
        what: `p99 at half load, meanwhile: ${what}`,
        wanted: '< 1 ms',
        measured: p99 / 1000,
        unit: ' ms',
        isMet: atMost(1),
      }),
    );
  return [
    ...delays,
    ...(['half', 'worst'] as const).map((which) => ({
      what: `a word given → the last thread answers by it, ${which === 'half' ? 'median' : 'at worst'}`,
      wanted: '< 10 ms',
      measured: flip?.[which],
      unit: ' ms',
      isMet: atMost(10),
    })),
  ];
}

function startAims({ start }: Measured): Aim[] {
  const two = start?.find(({ workers }) => workers === 2);
  const aim = (what: string, wanted: string, measured: number | undefined, limit: number) => ({
    what,
    wanted,
    measured,
    isMet: atMost(limit),
  });
  return [
    { ...aim('memory (RSS), two workers', '< 300 MB', two?.resident, 300), unit: ' MB' },
    { ...aim('start to ready, cold', '< 3 s', two && two.coldMs / 1000, 3), unit: ' s' },
    { ...aim('start to ready, warm', '< 1 s', two && two.warmMs / 1000, 1), unit: ' s' },
  ];
}
