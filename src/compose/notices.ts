// Word to secondaries of other makes, from where this director answers.

import { randomInt } from 'node:crypto';
import { type Notify, startNotify } from '../director/transfer/notify.ts';
import { hmac } from '../edge/hmac.ts';
import { createNotices } from '../edge/notices.ts';
import type { Parts } from './parts.ts';

export function notifySecondaries({ cell, clock, log, tallies, building }: Parts): Notify {
  const { listen } = cell.view.snapshot.settings;
  return building.use(
    startNotify({
      send: createNotices(listen.dns),
      hmac,
      clock,
      random: Math.random,
      newId: () => randomInt(2 ** 16),
      log,
      counts: tallies.notices,
    }),
  );
}
