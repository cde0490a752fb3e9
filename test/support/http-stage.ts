// The HTTP side before a fake control side: without a socket, or listening on loopback.

import type { TestContext } from 'node:test';
import { drillForms } from '../../src/compose/drill-forms.ts';
import type { App, FollowerSeen, HttpDoors, HttpSeen } from '../../src/edge/http/app.ts';
import { buildHttp, startHttp } from '../../src/edge/http/server.ts';
import type { RefusalChange } from '../../src/model/refusal.ts';
import { parsePrefix, type Prefix } from '../../src/model/ip.ts';
import type { Settings } from '../../src/model/settings.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeApi, type FakeApi } from './fake-api.ts';
import { createRecordLog, type RecordLog } from './record-log.ts';

export interface HttpStage {
  readonly api: FakeApi;
  readonly log: RecordLog;
  readonly clock: FakeClock;
  readonly seen: HttpSeen[];
  readonly refusals: RefusalChange[];
  /** `<kind> <what>` of each. */
  readonly followers: string[];
  /** Changed as by a reload. */
  http: Settings['http'];
  regions: Settings['regions'];
  readonly doors: HttpDoors;
}

export function setStage(
  http: Partial<Settings['http']> = {},
  votes?: HttpDoors['votes'],
): HttpStage {
  const api = createFakeApi();
  const log = createRecordLog();
  const clock = createFakeClock();
  const seen: HttpSeen[] = [];
  const refusals: RefusalChange[] = [];
  const followers: string[] = [];
  const stage: HttpStage = {
    api,
    log,
    clock,
    seen,
    refusals,
    followers,
    http: { trustedProxies: [], tokens: [], requestsPerSecond: 1_000_000, ...http },
    regions: new Map(),
    doors: {
      api,
      log,
      clock,
      votes,
      drillForms,
      settings: () => ({ http: stage.http, regions: stage.regions }),
      metrics: async () => ({
        contentType: 'text/plain; version=0.0.4',
        body: 'meridian_epoch 7\n',
      }),
      onRequest: (one) => void seen.push(one),
      onRefusal: (one) => void refusals.push(one),
      onFollower: ({ kind, what }: FollowerSeen) => void followers.push(`${kind} ${what}`),
    },
  };
  return stage;
}

/** Without a socket: injected requests come from 127.0.0.1 unless they say otherwise. */
export async function openApp(t: TestContext, stage: HttpStage): Promise<App> {
  const app = await buildHttp(stage.doors);
  t.after(() => app.close());
  return app;
}

/** On a loopback address: gives the port. */
export async function listen(
  t: TestContext,
  stage: HttpStage,
  host: string = '127.0.0.1',
): Promise<number> {
  const server = await startHttp({ ...stage.doors, listen: { host, port: 0 } });
  t.after(() => server[Symbol.asyncDispose]());
  return server.address.port;
}

export function prefixes(...texts: string[]): Prefix[] {
  return texts.map((text) => parsePrefix(text) as Prefix);
}
