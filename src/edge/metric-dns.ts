// Metrics of the DNS server: what was asked, and what became of it.

import { type Family, known, labelled } from './metric-family.ts';

export const dnsFamilies: readonly Family[] = [
  {
    type: 'counter',
    name: 'meridian_dns_queries_total',
    help: 'DNS messages received, by transport; outcomes sum to the same number.',
    labels: ['transport'],
    read: (from) => labelled('transport', Object.entries(from.queries().received)),
  },
  {
    type: 'counter',
    name: 'meridian_dns_outcomes_total',
    help: 'How DNS messages ended; each ends in exactly one outcome.',
    labels: ['outcome'],
    read: (from) => labelled('outcome', Object.entries(from.queries().outcomes)),
  },
  {
    type: 'counter',
    name: 'meridian_dns_subnet_queries_total',
    help: 'DNS queries that carried a client subnet (RFC 7871).',
    labels: [],
    read: (from) => [[{}, from.queries().withSubnet]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_cookie_queries_total',
    help: 'DNS queries that carried a cookie (RFC 7873), by whether it was a good one of ours.',
    labels: ['cookie'],
    read: (from) => {
      const { withCookie, withGoodCookie } = from.queries();
      return labelled('cookie', [
        ['good', withGoodCookie],
        ['other', withCookie - withGoodCookie],
      ]);
    },
  },
  {
    type: 'counter',
    name: 'meridian_dns_rate_dry_run_total',
    help: 'DNS answers that were sent only because rate limiting is a dry run.',
    labels: [],
    read: (from) => [[{}, from.queries().wouldLimit]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_failed_open_total',
    help: 'Steered answers given by geography because no region was believed to be alive.',
    labels: [],
    read: (from) => [[{}, from.queries().failedOpen]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_below_floor_total',
    help: 'Steered answers that name a region that is down, because less than the floor was alive.',
    labels: [],
    read: (from) => [[{}, from.queries().belowFloor]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_failed_closed_total',
    help: 'Steered questions answered with nothing because nothing was alive and the policy says so.',
    labels: [],
    read: (from) => [[{}, from.queries().failedClosed]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_stand_in_total',
    help: "Steered questions answered with the policy's own addresses because no region was left.",
    labels: [],
    read: (from) => [[{}, from.queries().stoodIn]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_chosen_total',
    help: 'Steered answers, by the region that stands first in them.',
    labels: ['region'],
    read: (from) => labelled('region', from.queries().chosen),
  },
  {
    type: 'counter',
    name: 'meridian_dns_send_errors_total',
    help: 'DNS replies over UDP that the network did not take, by one in sixteen.',
    labels: [],
    read: (from) => [[{}, from.sendErrors()]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_proxy_refusals_total',
    help: 'Datagrams and connections of proxies that were dropped for want of a PROXY header.',
    labels: ['transport'],
    read: (from) => labelled('transport', Object.entries(from.proxyRefusals())),
  },
  {
    type: 'counter',
    name: 'meridian_dns_transfers_total',
    help: 'Zones that secondaries were sent whole, or not to the end.',
    labels: ['result'],
    read: (from) => labelled('result', Object.entries(from.queries().transfers)),
  },
  {
    type: 'counter',
    name: 'meridian_dns_notices_total',
    help: 'Changed zones that secondaries were told of, by whether they ever answered.',
    labels: ['result'],
    read: (from) => labelled('result', Object.entries(from.notices())),
  },
  {
    type: 'gauge',
    name: 'meridian_clients_networks',
    help: 'Different client networks that asked lately, within about 2 %; where clients are counted.',
    labels: [],
    read: (from) => known(from.clients()?.networks),
  },
  {
    type: 'gauge',
    name: 'meridian_clients_outside_share',
    help: 'Share of steered queries that lies outside the client networks that are kept.',
    labels: [],
    read: (from) => known(from.clients()?.outsideShare),
  },
  {
    type: 'gauge',
    name: 'meridian_dns_workers',
    help: 'Threads that answer DNS now; 0 where the main thread does.',
    labels: [],
    read: (from) => [[{}, from.workers().running]],
  },
  {
    type: 'counter',
    name: 'meridian_dns_workers_replaced_total',
    help: 'Threads that answered DNS and died, or went silent, and were replaced.',
    labels: [],
    read: (from) => [[{}, from.workers().replaced]],
  },
  {
    type: 'gauge',
    name: 'meridian_dns_tcp_connections',
    help: 'DNS connections over TCP that are open now.',
    labels: [],
    read: (from) => known(from.tcpConnections()),
  },
];
