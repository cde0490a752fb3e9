// What an answer tells of load, from real servers on loopback: exporters' pages, status pages, hostile ones.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  isCounter,
  type Figure,
  type FigurePlace,
  type FigureSource,
} from '../../src/model/figure.ts';
import { hungUp, run, web } from '../support/probed.ts';

const header: FigurePlace = { kind: 'header', name: 'x-load' };
const json = (path: string): FigurePlace => ({ kind: 'json', path: path.split('.') });
const metric = (name: string, labels: Record<string, string> = {}): FigurePlace => ({
  kind: 'metric',
  name,
  labels: Object.entries(labels).map(([label, value]) => ({ name: label, value, isEqual: true })),
});
const source = (place: FigurePlace, extra: Partial<FigureSource> = {}): FigureSource => ({
  as: 'connections',
  full: 1,
  place,
  ...extra,
});

interface Answer {
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly status?: number;
}

/** What a probe of a server that answers so finds. */
async function probe(answer: Answer, tells: readonly FigureSource[], contains?: string) {
  await using server = await web((_, response) => {
    response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body ?? '');
  });
  const sample = await run(`http://127.0.0.1:${server.port}/`, { tells, contains });
  await hungUp(server);
  return sample;
}

async function values(answer: Answer, ...tells: readonly FigureSource[]): Promise<unknown> {
  const { told } = await probe(answer, tells);
  return told?.map((figure: Figure | undefined) => figure?.value);
}

const nginx = `# HELP nginx_connections_accepted Accepted client connections
# TYPE nginx_connections_accepted counter
nginx_connections_accepted 6304
# HELP nginx_connections_active Active client connections
# TYPE nginx_connections_active gauge
nginx_connections_active 291
# HELP nginx_connections_waiting Idle client connections
# TYPE nginx_connections_waiting gauge
nginx_connections_waiting 106
# HELP nginx_http_requests_total Total http requests
# TYPE nginx_http_requests_total counter
nginx_http_requests_total 31070
# HELP nginx_up Status of the last metric scrape
# TYPE nginx_up gauge
nginx_up 1
`;

const haproxy = `# HELP haproxy_backend_current_sessions Number of current sessions on the frontend, backend or server
# TYPE haproxy_backend_current_sessions gauge
haproxy_backend_current_sessions{proxy="web"} 42
haproxy_backend_current_sessions{proxy="api"} 17
# HELP haproxy_server_current_sessions Number of current sessions on the frontend, backend or server
# TYPE haproxy_server_current_sessions gauge
haproxy_server_current_sessions{proxy="web",server="s1"} 20
haproxy_server_current_sessions{proxy="web",server="s2"} 22
haproxy_server_current_sessions{proxy="api",server="s1"} 17
`;

const envoy = `# TYPE envoy_http_downstream_cx_active gauge
envoy_http_downstream_cx_active{envoy_http_conn_manager_prefix="ingress_http"} 128
envoy_http_downstream_cx_active{envoy_http_conn_manager_prefix="admin"} 1

# TYPE envoy_http_downstream_rq_time histogram
envoy_http_downstream_rq_time_bucket{envoy_http_conn_manager_prefix="ingress_http",le="+Inf"} 9
`;

describe('the page of an exporter', () => {
  test('of nginx serves as it is', async () => {
    const requests = source(metric('nginx_http_requests_total'), { as: 'requests' });
    const { told } = await probe({ body: nginx }, [
      source(metric('nginx_connections_active')),
      requests,
    ]);
    assert.deepEqual(told, [
      { as: 'connections', value: 291, isCounter: false },
      { as: 'requests', value: 31_070, isCounter: true },
    ]);
  });

  test('of HAProxy serves as it is', async () => {
    const sessions = source(metric('haproxy_backend_current_sessions', { proxy: 'web' }));
    const servers = source(metric('haproxy_server_current_sessions', { proxy: 'web' }));
    const all = source(metric('haproxy_backend_current_sessions'));
    assert.deepEqual(await values({ body: haproxy }, sessions, servers, all), [42, 42, 59]);
  });

  test('of Envoy serves as it is', async () => {
    const labels = { envoy_http_conn_manager_prefix: 'ingress_http' };
    const active = source(metric('envoy_http_downstream_cx_active', labels));
    assert.deepEqual(await values({ body: envoy }, active), [128]);
  });

  test('is read beyond what is looked at for health, up to 1 MiB, and not at all beyond that', async () => {
    const line = 'other{label="a value that is of no interest here"} 1\n';
    const page = (octets: number): Answer => {
      const lines = line.repeat(Math.floor((octets - 16) / line.length));
      return { body: `active 1\n${lines}active 2\n` };
    };
    assert.deepEqual(await values(page(900_000), source(metric('active'))), [3]);
    assert.deepEqual(await values(page(1_100_000), source(metric('active'))), [undefined]);
  });
});

describe('a header', () => {
  test('tells a figure, as a share of what is full', async () => {
    const load = source(header, { as: 'load', full: 100 });
    assert.deepEqual(await values({ headers: { 'X-Load': ' 42.5 ' } }, load), [0.425]);
  });

  for (const text of ['', 'high', '-1', 'NaN', 'Infinity', '1e400', '100100', '1,2', '0x1f']) {
    test(`that is no load, such as "${text}", tells none`, async () => {
      const load = source(header, { as: 'load', full: 100 });
      assert.deepEqual(await values({ headers: { 'x-load': text } }, load), [undefined]);
    });
  }
});

describe('a JSON body', () => {
  const body = '{"pool":[{"active":12,"share":"0.5"}],"big":1e308,"deep":{"__proto__":3}}';

  test('tells the value at the end of a path', async () => {
    const tells = [source(json('pool.0.active')), source(json('pool.0.share'), { as: 'load' })];
    assert.deepEqual(await values({ body }, ...tells), [12, 0.5]);
  });

  test('tells nothing where there is no such number', async () => {
    const paths = ['pool.1.active', 'pool', 'pool.length', 'big', 'toString', 'x.y.z'];
    const found = await values({ body }, ...paths.map((path) => source(json(path))));
    assert.deepEqual(
      found,
      paths.map(() => undefined),
    );
  });

  test('tells nothing when it is none, or longer than 64 KiB', async () => {
    const load = source(json('a'));
    for (const text of ['', '{', 'null', '[', '['.repeat(60_000)]) {
      assert.deepEqual(await values({ body: text }, load), [undefined]);
    }
    const long = `{"a":1,"b":"${'x'.repeat(65_536)}"}`;
    assert.deepEqual(await values({ body: long }, load), [undefined]);
  });
});

describe('health', () => {
  test('does not hang on what is told: a body that breaks off is healthy and tells nothing', async () => {
    await using server = await web((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('active 1\n', () => response.destroy());
    });
    const url = `http://127.0.0.1:${server.port}/`;
    const sample = await run(url, { tells: [source(metric('active'))] });
    assert.deepEqual([sample.isHealthy, sample.told], [true, undefined]);
  });

  test('is judged by the same body, and an unhealthy answer tells nothing', async () => {
    const tells = [source(metric('nginx_connections_active'))];
    const good = await probe({ body: nginx }, tells, 'nginx_up 1');
    assert.deepEqual([good.isHealthy, good.told?.[0]?.value], [true, 291]);
    const bad = await probe({ body: nginx }, tells, 'nginx_up 2');
    assert.deepEqual([bad.isHealthy, bad.told], [false, undefined]);
    const wrong = await probe({ body: nginx, status: 503 }, tells);
    assert.deepEqual([wrong.isHealthy, wrong.told], [false, undefined]);
  });
});

test('a counter is known by its name', () => {
  assert.ok(isCounter(metric('nginx_http_requests_total')));
  for (const place of [metric('total'), json('requests_total'), header])
    assert.ok(!isCounter(place));
});
