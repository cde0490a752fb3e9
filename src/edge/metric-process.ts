// Metrics of the process itself, under the names that every scraper knows.

import type { Family } from './metric-family.ts';

export const processFamilies: readonly Family[] = [
  {
    type: 'counter',
    name: 'process_cpu_seconds_total',
    help: 'CPU time that this process has used.',
    labels: [],
    read: () => {
      const { user, system } = process.cpuUsage();
      return [[{}, (user + system) / 1e6]];
    },
  },
  {
    type: 'gauge',
    name: 'process_resident_memory_bytes',
    help: 'Memory of this process that is resident.',
    labels: [],
    read: () => [[{}, process.memoryUsage.rss()]],
  },
  {
    type: 'gauge',
    name: 'process_start_time_seconds',
    help: 'When this process started, in Unix time.',
    labels: [],
    read: () => [[{}, performance.timeOrigin / 1000]],
  },
  {
    type: 'counter',
    name: 'nodejs_eventloop_busy_seconds_total',
    help: 'Time that the event loop has spent working, not waiting.',
    labels: [],
    read: () => [[{}, performance.eventLoopUtilization().active / 1000]],
  },
];
