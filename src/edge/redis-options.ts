// What every connection to a Redis is told: nothing waits for ever, nothing is sent behind our back.

import type { RedisOptions } from 'ioredis';
import type { BoardSettings } from '../model/settings.ts';

/** Long enough for the slowest pair of continents. */
const commandTimeout = 1000;

/** By the defaults of ioredis, a call waits for ever and a write whose caller gave up is sent later. */
export function redisOptions({ place, username, password, tls }: BoardSettings) {
  return {
    // A user who may come without a password gives an empty one.
    ...(username === undefined ? { password } : { username, password: password ?? '' }),
    ...(tls === undefined ? {} : { tls: tlsOptions(tls) }),
    db: place.kind === 'single' ? place.database : 0,
    commandTimeout,
    // Arms only while a command is under way, and is what declares a black hole dead.
    socketTimeout: 2000,
    connectTimeout: 2000,
    disconnectTimeout: 500,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    keepAlive: 5000,
    lazyConnect: true,
    // One command less that an ACL must allow.
    disableClientInfo: true,
  } satisfies RedisOptions;
}

/** Only what is set: Node takes an undefined CA for none at all. */
function tlsOptions({ ca, cert, key, serverName }: NonNullable<BoardSettings['tls']>) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
