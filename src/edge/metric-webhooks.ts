// Metrics of webhooks.

import type { Family } from './metric-family.ts';

export const webhookFamilies: readonly Family[] = [
  {
    type: 'counter',
    name: 'meridian_webhook_messages_total',
    help: 'Messages of webhooks: sent, tried in vain and to be tried again, given up, or dropped for want of room.',
    labels: ['hook', 'outcome'],
    read: (from) =>
      Array.from(from.webhooks(), ([hook, { sent, retried, failed, dropped }]) =>
        Object.entries({ sent, retried, failed, dropped }).map(
          ([outcome, count]) => [{ hook, outcome }, count] as const,
        ),
      ).flat(),
  },
  {
    type: 'gauge',
    name: 'meridian_webhook_waiting',
    help: 'Messages of a webhook that are on their way.',
    labels: ['hook'],
    read: (from) => Array.from(from.webhooks(), ([hook, { waiting }]) => [{ hook }, waiting]),
  },
];
