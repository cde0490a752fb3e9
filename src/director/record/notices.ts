// Notices: what the log tells and no event does, of what may yet move traffic or keep it from moving.

import type { NoticeChange } from '../../model/refusal.ts';
import type { Log, LogFields } from '../../ports.ts';

/** By what the log calls it, what the audit log says of it. */
export const noticed: Readonly<Record<string, string>> = {
  'board.lost': 'a board cannot be reached any more',
  'board.found': 'a board can be reached again',
  'certificate.expires': 'a certificate of a region expires soon',
  'certificate.renewed': 'another certificate is shown from now on',
  'clock.set': 'the system’s clock was set while the director ran, which goes on by its own',
  'config.last-good':
    'the files have faults at the start, and the last good configuration is in force',
  'config.restart-needed': 'settings were changed that only a restart brings into force',
  'disk.read': 'state on disk cannot be used',
  'disk.write': 'state, or the audit log, cannot be written',
  'drill.failed': 'a drill ended by a mistake of the director',
  'geo.loaded': 'GeoIP data were read anew',
  'geo.unavailable': 'GeoIP data cannot be used',
  'gossip.same-id':
    'a vote of this director was heard that it has not given: two share an id, or its clock went back',
  'tls.unusable': 'a certificate or its key cannot be used, and the last good pair stays',
  'worker.died': 'a thread that answers has died',
  'worker.replaced': 'another thread has taken the place of one that died',
  'workers.behind': 'a change did not reach the threads that answer',
};

/** So many are kept until somebody listens: what is said while a director is built is of its start. */
const mostEarly = 32;

export interface NoticedLog<L extends Log> {
  /** The same log, heard on the way. */
  readonly log: L;
  /** Calls back with what was said before, too. */
  onNotice(listener: (notice: NoticeChange) => void): void;
}

export function hearLog<L extends Log>(log: L): NoticedLog<L> {
  let early: NoticeChange[] = [];
  let hear = (notice: NoticeChange): void => {
    if (early.length < mostEarly) early.push(notice);
  };
  const at =
    (level: NoticeChange['level']) =>
    (what: string, fields: LogFields = {}): void => {
      log[level](what, fields);
      if (Object.hasOwn(noticed, what)) hear({ type: 'notice', what, level, facts: said(fields) });
    };
  const levels = { info: at('info'), warn: at('warn'), error: at('error') };
  return {
    log: Object.assign(Object.create(log) as L, levels),
    onNotice(listener) {
      hear = listener;
      for (const notice of early) listener(notice);
      early = [];
    },
  };
}

/** Longer texts are in the log. */
const longest = 500;

function said(fields: LogFields): NoticeChange['facts'] {
  const facts = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value.slice(0, longest) : value] as const];
  });
  return Object.fromEntries(facts);
}
