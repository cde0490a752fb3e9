// Metrics of the audit log; none where no log is kept.

import { type Family, known } from './metric-family.ts';

export const auditFamilies: readonly Family[] = [
  {
    type: 'counter',
    name: 'meridian_audit_entries_total',
    help: 'Entries of the audit log that this process has brought to disk.',
    labels: [],
    read: (from) => known(from.audit()?.written),
  },
  {
    type: 'gauge',
    name: 'meridian_audit_last_write_seconds',
    help: 'How long ago an entry of the audit log was last brought to disk.',
    labels: [],
    read: (from) => known(from.audit()?.lastWriteSeconds),
  },
  {
    type: 'gauge',
    name: 'meridian_audit_waiting',
    help: 'Entries of the audit log that are not on disk yet; it stays above 0 while the disk fails.',
    labels: [],
    read: (from) => known(from.audit()?.waiting),
  },
  {
    type: 'counter',
    name: 'meridian_audit_failures_total',
    help: 'Tries to open or write the audit log that failed.',
    labels: [],
    read: (from) => known(from.audit()?.failures),
  },
  {
    type: 'counter',
    name: 'meridian_audit_lost_total',
    help: 'Entries of the audit log that were given up, for want of room while the disk failed.',
    labels: [],
    read: (from) => known(from.audit()?.lost),
  },
];
