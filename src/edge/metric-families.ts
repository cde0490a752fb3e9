// Every metric as data: its name, its help, its labels, and where its samples come from.

import { auditFamilies } from './metric-audit.ts';
import { dnsFamilies } from './metric-dns.ts';
import { type Family, flag, known, labelled, type Sample } from './metric-family.ts';
import { processFamilies } from './metric-process.ts';
import { gossipStates } from './metric-readings.ts';
import { loadFamilies } from './metric-load.ts';
import { regionFamilies } from './metric-regions.ts';
import { webhookFamilies } from './metric-webhooks.ts';

export const families: readonly Family[] = [
  ...dnsFamilies,
  {
    type: 'counter',
    name: 'meridian_http_requests_total',
    help: 'HTTP requests answered, by route and status.',
    labels: ['route', 'status'],
    read: (from) =>
      Array.from(from.httpRequests(), ({ route, status, count }) => [
        { route, status: String(status) },
        count,
      ]),
  },
  {
    type: 'gauge',
    name: 'meridian_followers',
    help: 'Who is connected now to follow events, or waits for a change of health.',
    labels: ['kind'],
    read: (from) => {
      const open = { events: 0, change: 0 };
      for (const { kind, what, count } of from.followers()) {
        const sign = what === 'came' ? 1 : what === 'left' ? -1 : 0;
        open[kind === 'events' ? 'events' : 'change'] += sign * count;
      }
      return labelled('kind', Object.entries(open));
    },
  },
  {
    type: 'counter',
    name: 'meridian_followers_total',
    help: 'What became of those who follow: came, left, missed events, or cut off for reading none.',
    labels: ['kind', 'what'],
    read: (from) =>
      Array.from(from.followers(), ({ kind, what, count }) => [{ kind, what }, count]),
  },
  ...regionFamilies,
  ...loadFamilies,
  {
    type: 'gauge',
    name: 'meridian_service_below_floor',
    help: 'Whether so little is alive that regions that are down are named; of services with a floor.',
    labels: ['service'],
    read: (from) => Array.from(from.floors(), (of) => [{ service: of.service }, flag(of.isBelow)]),
  },
  {
    type: 'gauge',
    name: 'meridian_application_load',
    help: 'Share of its capacity that an application of a region says is in use; 1 is full.',
    labels: ['region', 'name'],
    read: (from) =>
      Array.from(from.applications()).flatMap(({ region, name, load }) =>
        known(load ?? undefined, { region, name }),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_report_age_seconds',
    help: 'How long ago an application of a region last said how it is.',
    labels: ['region', 'name'],
    read: (from) =>
      Array.from(from.applications()).flatMap(({ region, name, ageSeconds }) =>
        known(ageSeconds ?? undefined, { region, name }),
      ),
  },
  {
    type: 'counter',
    name: 'meridian_gossip_events_total',
    help: 'What happened on boards and to what was read there, by event.',
    labels: ['event'],
    read: (from) => labelled('event', from.gossipEvents()),
  },
  {
    type: 'gauge',
    name: 'meridian_gossip_state',
    help: 'Which observers are heard: 1 for the state that holds, 0 for the others.',
    labels: ['state'],
    read: (from) => {
      const now = from.gossipState();
      return gossipStates.map((state) => [{ state }, flag(state === now)]);
    },
  },
  {
    type: 'gauge',
    name: 'meridian_board_up',
    help: 'Whether the last read of a board succeeded.',
    labels: ['board'],
    read: (from) => Array.from(from.boards(), ({ board, isUp }) => [{ board }, flag(isUp)]),
  },
  {
    type: 'counter',
    name: 'meridian_board_bytes_total',
    help: 'Octets exchanged with a board over the network, without what TCP and TLS add.',
    labels: ['board', 'direction'],
    read: (from) =>
      Array.from(from.boards()).flatMap(({ board, traffic }) =>
        Object.entries(traffic ?? {}).map(
          ([direction, octets]): Sample => [{ board, direction }, octets],
        ),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_observer_isolated',
    help: 'Whether an observer that is heard alone sees all down, so that its votes are left out.',
    labels: ['observer'],
    read: (from) =>
      Array.from(from.observers(), ({ observer, isIsolated }) => [{ observer }, flag(isIsolated)]),
  },
  {
    type: 'gauge',
    name: 'meridian_fleet_configurations',
    help: 'Different configurations among the directors that are heard; more than 1 is a mixed fleet.',
    labels: [],
    read: (from) => [[{}, from.configurations()]],
  },
  {
    type: 'gauge',
    name: 'meridian_overrides_active',
    help: 'Overrides in force.',
    labels: [],
    read: (from) => [[{}, from.overridesActive()]],
  },
  {
    type: 'gauge',
    name: 'meridian_break_glass_active',
    help: 'Overrides in force that were given in spite of a safety rule.',
    labels: [],
    read: (from) => [[{}, from.breakGlassActive()]],
  },
  {
    type: 'gauge',
    name: 'meridian_safety_broken',
    help: 'Whether a safety rule does not hold, whoever is to blame.',
    labels: ['rule'],
    read: (from) => from.rulesBroken().map((rule) => [{ rule }, 1]),
  },
  {
    type: 'gauge',
    name: 'meridian_epoch',
    help: 'Number of the snapshot that answers follow; it grows at each change.',
    labels: [],
    read: (from) => [[{}, from.epoch()]],
  },
  {
    type: 'gauge',
    name: 'meridian_geo_data_age_seconds',
    help: 'Age of the GeoIP data itself, not of its package or file.',
    labels: [],
    read: (from) => known(from.geoDataAgeSeconds()),
  },
  {
    type: 'counter',
    name: 'meridian_log_lines_dropped_total',
    help: 'Log lines given up because nobody took them.',
    labels: [],
    read: (from) => [[{}, from.logLinesDropped()]],
  },
  {
    type: 'counter',
    name: 'meridian_config_reloads_total',
    help: 'Changed configurations, by whether they came into force.',
    labels: ['result'],
    read: (from) => {
      const { accepted, refused } = from.reloads();
      return labelled('result', Object.entries({ accepted, refused }));
    },
  },
  {
    type: 'gauge',
    name: 'meridian_config_faults',
    help: 'Faults in the configuration files; while there are any, the last good configuration is in force.',
    labels: [],
    read: (from) => [[{}, from.files().faults]],
  },
  {
    type: 'gauge',
    name: 'meridian_config_last_good_seconds',
    help: 'While the configuration files have faults: how long ago they were last read without one.',
    labels: [],
    read: (from) => known(from.files().lastGoodSeconds),
  },
  ...auditFamilies,
  ...webhookFamilies,
  ...processFamilies,
];
