// The busiest client networks for a terminal: how much they are of all, and where each is sent now.

import { formatShare } from '../../model/number.ts';
import type { ClientsReport } from '../../model/clients-report.ts';
import { formatSpan } from '../../model/time.ts';
import { formatTable } from '../table.ts';

export function describeTop(report: ClientsReport): string[] {
  const { director, isCollecting, since, total, networks } = report;
  if (!isCollecting) return [`director ${director} counts no clients: clients.collect is off`];
  const start = `${(since ?? '').slice(0, 16).replace('T', ' ')}Z`;
  const halfLife = formatSpan(report.halfLifeSeconds * 1000);
  return [
    `director ${director}, since ${start}: ${total} queries, each counting half after ${halfLife}, of about ${networks} networks`,
    ...describeUnsure(report),
    '',
    ...formatTable(
      ['NETWORK', 'NAME', 'BY', 'QUERIES', 'SHARE', 'SENT TO'],
      report.clients.map(({ network, name, by, weight, error, share, region }) => [
        network,
        name || '-',
        by,
        // Surely so many, and perhaps so many more.
        error === 0 ? String(weight) : `${weight} + ${error}`,
        formatShare(share),
        region ?? '-',
      ]),
    ),
  ];
}

function describeUnsure({ resolverShare, outsideShare, outside }: ClientsReport): string[] {
  const regions = outside.map(({ region, weight }) => `${region || '?'} ${weight}`).join(', ');
  return [
    ...(resolverShare > 0
      ? [`${formatShare(resolverShare)} asked by resolvers that do not say for whom`]
      : []),
    ...(outsideShare > 0
      ? [`${formatShare(outsideShare)} outside the networks that are kept, sent to: ${regions}`]
      : []),
  ];
}
