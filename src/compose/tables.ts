// Compiled tables beside a director's other state.

import { dirname, resolve } from 'node:path';
import { stampGeo } from '../edge/stamps.ts';
import { openTables } from '../edge/tables.ts';
import type { Settings } from '../model/settings.ts';
import type { Log, TableCache } from '../ports.ts';

/** Undefined where nothing is kept; paths are relative to the folder of the main file. */
export function keepTables(
  { stateDir }: Settings,
  { config, log }: { readonly config: string; readonly log: Log },
  building: AsyncDisposableStack,
): TableCache | undefined {
  if (stateDir === undefined) return undefined;
  const inFolder = (path: string): string => resolve(dirname(config), path);
  return building.use(
    openTables({
      folder: inFolder(stateDir),
      stamp: (geo) => stampGeo(geo, inFolder),
      onFault: ({ code, message }) => log.warn(code, { reason: message }),
    }),
  );
}
