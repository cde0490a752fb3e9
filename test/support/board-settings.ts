// Settings of boards, as the configuration makes them of a URL.

import { parseRedisUrl } from '../../src/config/board.ts';
import type { BoardSettings } from '../../src/model/settings.ts';

export function boardAt(url: string): BoardSettings {
  const settings = parseRedisUrl(url);
  if (settings === undefined) throw new Error(`no Redis URL: ${url}`);
  return settings;
}
