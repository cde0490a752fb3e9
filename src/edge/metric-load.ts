// Metrics of regions' loads.

import { type Family, known } from './metric-family.ts';

export const loadFamilies: readonly Family[] = [
  {
    type: 'gauge',
    name: 'meridian_region_load',
    help: 'Share of its capacity that is in use in a region, as far as the fleet knows; 1 is full.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.loads()).flatMap(({ region, load }) => known(load ?? undefined, { region })),
  },
  {
    type: 'gauge',
    name: 'meridian_region_connections',
    help: 'Connections, or requests in flight, of a region, as far as the fleet knows.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.loads()).flatMap(({ region, connections }) =>
        known(connections ?? undefined, { region }),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_region_load_age_seconds',
    help: 'How old what is known of the load of a region is.',
    labels: ['region'],
    read: (from) =>
      Array.from(from.loads()).flatMap(({ region, ageSeconds }) =>
        known(ageSeconds ?? undefined, { region }),
      ),
  },
  {
    type: 'gauge',
    name: 'meridian_region_shed',
    help: 'Share of client networks that a region passes on because it is too busy.',
    labels: ['region'],
    read: (from) => Array.from(from.loads(), ({ region, shed }) => [{ region }, shed]),
  },
];
