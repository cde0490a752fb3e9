// What the main file says of the audit log → Settings['audit'].

import type { Settings } from '../model/settings.ts';
import type { MainFile } from './shape.ts';
import type { ValueReader } from './values.ts';

const units = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

const standard = { file: 16 * units.MiB, total: 256 * units.MiB };

/** Kept wherever there is a folder for state; without one there is nowhere to keep it. */
export function readAudit(
  audit: MainFile['audit'],
  stateDir: string | undefined,
  reader: ValueReader,
): Settings['audit'] {
  if (audit?.keep === true && stateDir === undefined) {
    reader.refuse(['audit', 'keep'], 'needs `state`: a folder to keep the log in');
  }
  const file = sizeOf(audit?.file, standard.file);
  const total = sizeOf(audit?.total, Math.max(standard.total, 4 * file));
  if (total < 2 * file) {
    reader.refuse(['audit', 'total'], 'want at least twice as much as one file may have');
  }
  return stateDir === undefined || audit?.keep === false ? undefined : { file, total };
}

/** The shape has been checked. */
function sizeOf(text: string | undefined, otherwise: number): number {
  const unit = /[KMG]iB$/.exec(text ?? '')?.[0] as keyof typeof units | undefined;
  return unit === undefined ? otherwise : Number.parseInt(text ?? '', 10) * units[unit];
}
