// Metrics: what a scrape says of the readings, and the conventions its names keep.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { families } from '../../src/edge/metric-families.ts';
import type { MetricReadings } from '../../src/edge/metric-readings.ts';
import { createMetrics } from '../../src/edge/metrics.ts';

const readings: MetricReadings = {
  queries: () => ({
    received: { udp: 5, tcp: 2 },
    outcomes: { steered: 4, nxdomain: 3, servfail: 0 },
    withSubnet: 1,
    withCookie: 5,
    withGoodCookie: 3,
    wouldLimit: 0,
    failedOpen: 0,
    belowFloor: 0,
    failedClosed: 3,
    stoodIn: 0,
    chosen: new Map([['eu-west', 4]]),
    transfers: { completed: 3, broken: 1 },
  }),
  regions: () => [
    { region: 'eu-west', verdict: 'up', isKept: false, sinceSeconds: 12.5, share: 0.25, trips: 2 },
    { region: 'us-east', verdict: 'down', isKept: true, sinceSeconds: 3, share: 0, trips: 0 },
    { region: 'af-south', verdict: 'unknown', isKept: true, sinceSeconds: 1, share: 1, trips: 0 },
  ],
  floors: () => [
    { service: 'www.example.test', isBelow: true },
    { service: 'api.example.test', isBelow: false },
  ],
  probes: () => [
    { region: 'eu-west', latencySeconds: 0.042, certificateSeconds: -3600 },
    { region: 'us-east', latencySeconds: undefined, certificateSeconds: undefined },
  ],
  clients: () => ({ networks: 4711, outsideShare: 0.125 }),
  audit: () => ({ written: 12, waiting: 3, lost: 1, failures: 2, lastWriteSeconds: 4.5 }),
  applications: () => [
    { region: 'eu-west', name: 'web', load: 0.7, ageSeconds: 12.3 },
    { region: 'eu-west', name: 'queue', load: null, ageSeconds: 51 },
    { region: 'us-east', name: 'web', load: null, ageSeconds: null },
  ],
  loads: () => [
    { region: 'eu-west', load: 0.82, connections: 120, ageSeconds: 1.5, shed: 0.25 },
    { region: 'ap-south', load: null, connections: null, ageSeconds: null, shed: 0 },
  ],
  gossipEvents: () => new Map([['forged', 2]]),
  gossipState: () => 'partial',
  boards: () => [
    { board: '[2001:db8::1]:6379', isUp: false, traffic: { read: 300, written: 20 } },
    { board: 'local', isUp: true },
  ],
  observers: () => [
    { observer: 'eu-1', isIsolated: false },
    { observer: 'us-1', isIsolated: true },
  ],
  configurations: () => 2,
  overridesActive: () => 1,
  breakGlassActive: () => 1,
  rulesBroken: () => ['minRegions'],
  drillAges: () => [
    { region: 'eu', ageSeconds: 86_400 },
    { region: 'us', ageSeconds: undefined },
  ],
  epoch: () => 7,
  geoDataAgeSeconds: () => 86_400,
  logLinesDropped: () => 0,
  reloads: () => ({ accepted: 1, refused: 2 }),
  files: () => ({ faults: 2, lastGoodSeconds: 60 }),
  sendErrors: () => 0,
  proxyRefusals: () => ({ udp: 2, tcp: 0 }),
  notices: () => ({ acknowledged: 2, unanswered: 0 }),
  webhooks: () => new Map([['pager', { sent: 4, retried: 3, failed: 1, dropped: 2, waiting: 6 }]]),
  tcpConnections: () => 3,
  workers: () => ({ running: 2, replaced: 1 }),
  httpRequests: () => [{ route: '/v1/health/:region', status: 404, count: 6 }],
  followers: () => [
    { kind: 'events', what: 'came', count: 5 },
    { kind: 'events', what: 'left', count: 3 },
    { kind: 'events', what: 'cut', count: 1 },
  ],
};

/** Samples of one scrape, by everything before their value. */
async function scrape(from: MetricReadings): Promise<Map<string, number>> {
  const { body } = await createMetrics(from).render();
  const samples = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

test('a scrape says what the readings are at that moment', async () => {
  const samples = await scrape(readings);
  const expected: Record<string, number> = {
    meridian_config_faults: 2,
    meridian_config_last_good_seconds: 60,
    'meridian_followers{kind="events"}': 2,
    'meridian_followers{kind="change"}': 0,
    'meridian_followers_total{kind="events",what="cut"}': 1,
    'meridian_dns_queries_total{transport="udp"}': 5,
    'meridian_dns_queries_total{transport="tcp"}': 2,
    'meridian_dns_outcomes_total{outcome="steered"}': 4,
    'meridian_region_share{region="eu-west"}': 0.25,
    'meridian_region_share{region="us-east"}': 0,
    'meridian_service_below_floor{service="www.example.test"}': 1,
    'meridian_service_below_floor{service="api.example.test"}': 0,
    'meridian_region_trips{region="eu-west"}': 2,
    'meridian_dns_outcomes_total{outcome="servfail"}': 0,
    meridian_dns_subnet_queries_total: 1,
    meridian_dns_failed_open_total: 0,
    meridian_dns_below_floor_total: 0,
    'meridian_dns_chosen_total{region="eu-west"}': 4,
    'meridian_dns_proxy_refusals_total{transport="udp"}': 2,
    'meridian_dns_proxy_refusals_total{transport="tcp"}': 0,
    'meridian_webhook_messages_total{hook="pager",outcome="retried"}': 3,
    'meridian_webhook_messages_total{hook="pager",outcome="dropped"}': 2,
    'meridian_webhook_waiting{hook="pager"}': 6,
    meridian_dns_tcp_connections: 3,
    meridian_clients_networks: 4711,
    meridian_clients_outside_share: 0.125,
    'meridian_http_requests_total{route="/v1/health/:region",status="404"}': 6,
    'meridian_region_up{region="eu-west"}': 1,
    'meridian_region_up{region="us-east"}': 0,
    'meridian_region_kept{region="us-east"}': 1,
    'meridian_region_since_seconds{region="eu-west"}': 12.5,
    'meridian_probe_latency_seconds{region="eu-west"}': 0.042,
    'meridian_probe_certificate_expiry_seconds{region="eu-west"}': -3600,
    'meridian_application_load{region="eu-west",name="web"}': 0.7,
    'meridian_region_load{region="eu-west"}': 0.82,
    'meridian_region_connections{region="eu-west"}': 120,
    'meridian_region_load_age_seconds{region="eu-west"}': 1.5,
    'meridian_region_shed{region="eu-west"}': 0.25,
    'meridian_region_shed{region="ap-south"}': 0,
    'meridian_report_age_seconds{region="eu-west",name="queue"}': 51,
    'meridian_gossip_events_total{event="forged"}': 2,
    'meridian_gossip_state{state="partial"}': 1,
    'meridian_gossip_state{state="fresh"}': 0,
    'meridian_board_up{board="[2001:db8::1]:6379"}': 0,
    'meridian_board_bytes_total{board="[2001:db8::1]:6379",direction="read"}': 300,
    'meridian_board_bytes_total{board="[2001:db8::1]:6379",direction="written"}': 20,
    'meridian_observer_isolated{observer="eu-1"}': 0,
    'meridian_observer_isolated{observer="us-1"}': 1,
    meridian_fleet_configurations: 2,
    meridian_overrides_active: 1,
    meridian_break_glass_active: 1,
    'meridian_safety_broken{rule="minRegions"}': 1,
    'meridian_drill_age_seconds{region="eu"}': 86_400,
    meridian_epoch: 7,
    meridian_geo_data_age_seconds: 86_400,
    meridian_log_lines_dropped_total: 0,
    'meridian_config_reloads_total{result="refused"}': 2,
    meridian_audit_entries_total: 12,
    meridian_audit_last_write_seconds: 4.5,
    meridian_audit_waiting: 3,
    meridian_audit_failures_total: 2,
    meridian_audit_lost_total: 1,
  };
  for (const [sample, value] of Object.entries(expected)) {
    assert.equal(samples.get(sample), value, sample);
  }
  assert.ok((samples.get('process_resident_memory_bytes') ?? 0) > 1_000_000);
  assert.ok((samples.get('process_cpu_seconds_total') ?? 0) > 0);
});

test('what is not known has no sample instead of a 0', async () => {
  const samples = await scrape({
    ...readings,
    geoDataAgeSeconds: () => undefined,
    tcpConnections: () => undefined,
    clients: () => undefined,
    audit: () => undefined,
  });
  for (const missing of [
    'meridian_geo_data_age_seconds',
    'meridian_dns_tcp_connections',
    'meridian_clients_networks',
    'meridian_clients_outside_share',
    'meridian_audit_entries_total',
    'meridian_audit_last_write_seconds',
    'meridian_region_up{region="af-south"}',
    'meridian_probe_latency_seconds{region="us-east"}',
    'meridian_probe_certificate_expiry_seconds{region="us-east"}',
    'meridian_application_load{region="eu-west",name="queue"}',
    'meridian_region_load{region="ap-south"}',
    'meridian_region_connections{region="ap-south"}',
    'meridian_report_age_seconds{region="us-east",name="web"}',
  ]) {
    assert.equal(samples.has(missing), false, missing);
  }
});

test('counters do not add up over scrapes, and what is gone leaves nothing behind', async () => {
  let regions = ['eu-west', 'us-east'];
  const metrics = createMetrics({
    ...readings,
    regions: () =>
      regions.map((region) => ({
        region,
        verdict: 'up',
        isKept: false,
        sinceSeconds: 1,
        share: 1,
        trips: 0,
      })),
  });
  await metrics.render();
  regions = ['eu-west'];
  const { body } = await metrics.render();
  assert.match(body, /^meridian_dns_queries_total\{transport="udp"\} 5$/m);
  assert.match(body, /^meridian_region_up\{region="eu-west"\} 1$/m);
  assert.doesNotMatch(body, /us-east/);
});

test('a label value cannot break out of its quotes', async () => {
  const { body } = await createMetrics({
    ...readings,
    boards: () => [{ board: 'a"} 1\nfake_total 9 \\', isUp: true }],
  }).render();
  assert.doesNotMatch(body, /^fake_total/m);
  assert.ok(body.includes('meridian_board_up{board="a\\"} 1\\nfake_total 9 \\\\"} 1'));
});

test('two directors in one process do not share metrics', async () => {
  const one = createMetrics(readings);
  const other = createMetrics({ ...readings, epoch: () => 99 });
  assert.match((await other.render()).body, /^meridian_epoch 99$/m);
  assert.match((await one.render()).body, /^meridian_epoch 7$/m);
});

test('the content type is the one that scrapers expect', async () => {
  const { contentType } = await createMetrics(readings).render();
  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
});

test('names and helps keep the conventions of Prometheus', async () => {
  const { body } = await createMetrics(readings).render();
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
  for (const { name, type, help, labels } of families) {
    assert.match(name, /^(meridian|process|nodejs)(_[a-z]+)+$/, name);
    assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    assert.doesNotMatch(
      name,
      /_(count|sum|bucket|info|ms|milliseconds|minutes|hours|kb)(_|$)/,
      name,
    );
    assert.match(help, /^[A-Z].{10,120}\.$/, name);
    for (const label of labels) assert.match(label, /^[a-z]+$/, name);
    assert.ok(body.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`), name);
  }
});

test('every sample carries the labels of its metric, no more and no fewer', () => {
  for (const { name, labels, read } of families) {
    const samples = [...read(readings)];
    assert.ok(samples.length > 0, name);
    for (const [of] of samples) assert.deepEqual(Object.keys(of), [...labels], name);
  }
});
