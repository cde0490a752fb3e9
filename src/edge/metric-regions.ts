// Metrics of regions and of their probes.

import { type Family, flag, known } from './metric-family.ts';

export const regionFamilies: readonly Family[] = [
  {
    type: 'gauge',
    name: 'meridian_region_up',
    help: 'What the fleet concludes of a region: 1 up, 0 down, no sample while unknown.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.regions())
        .filter(({ verdict }) => verdict !== 'unknown')
        .map(({ region, verdict }) => [{ region }, flag(verdict === 'up')]),
  },
  {
    type: 'gauge',
    name: 'meridian_region_kept',
    help: 'Whether the verdict on a region is an old one, kept for want of fresh votes.',
    labels: ['region'],
    read: (from) => Array.from(from.regions(), (of) => [{ region: of.region }, flag(of.isKept)]),
  },
  {
    type: 'gauge',
    name: 'meridian_region_since_seconds',
    help: 'How long the verdict on a region has stood.',
    labels: ['region'],
    read: (from) => Array.from(from.regions(), (of) => [{ region: of.region }, of.sinceSeconds]),
  },
  {
    type: 'gauge',
    name: 'meridian_region_share',
    help: 'Share of client networks that health lets through to a region: less than 1 until it is back.',
    labels: ['region'],
    read: (from) => Array.from(from.regions(), (of) => [{ region: of.region }, of.share]),
  },
  {
    type: 'gauge',
    name: 'meridian_region_trips',
    help: 'How often in a row a region went down again before it had been back for long.',
    labels: ['region'],
    read: (from) => Array.from(from.regions(), (of) => [{ region: of.region }, of.trips]),
  },
  {
    type: 'gauge',
    name: 'meridian_drill_age_seconds',
    help: 'How long ago the last drill of a region was done, as far as this director knows.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.drillAges()).flatMap(({ region, ageSeconds }) =>
        known(ageSeconds, { region }),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_probe_latency_seconds',
    help: 'Median latency of the recent successful probes that this director made.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.probes()).flatMap(({ region, latencySeconds }) =>
        known(latencySeconds, { region }),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_probe_certificate_expiry_seconds',
    help: 'How long the certificate that probes of a region saw is still valid; negative after its end.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.probes()).flatMap(({ region, certificateSeconds }) =>
        known(certificateSeconds, { region }),
      ),
  },
];
