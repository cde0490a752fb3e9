// The block `reload`: what a change of the files may do while a director runs.

import type { ReloadLimit } from '../model/settings.ts';
import type { MainFile } from './shape.ts';

/** Without a share there is no limit. */
export function readReload(reload: MainFile['reload']): ReloadLimit | undefined {
  if (reload?.maxMoved === undefined) return undefined;
  return { maxMoved: Number(reload.maxMoved.slice(0, -1)) / 100, force: reload.force };
}
