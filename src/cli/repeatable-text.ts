// What was refused, what went wrong and what came again, in sentences.

import type {
  NoticeChange,
  RefusalChange,
  RepeatedSource,
  RepeatsChange,
} from '../model/refusal.ts';
import type { ReloadChange } from '../model/reload.ts';
import type { Finding } from '../model/safety.ts';

export function tellRepeatable(event: RefusalChange | NoticeChange | RepeatsChange): string {
  if (event.type === 'refusal') return tellRefusal(event);
  return event.type === 'notice' ? tellNotice(event) : tellRepeats(event);
}

/** `REFUSED: POST /v1/overrides by nobody from 192.0.2.7: this bearer token is not known (request.unauthorized)`. */
function tellRefusal({ what, tried, message, code, door, client, request }: RefusalChange): string {
  const words = Object.entries(tried).map(([name, value]) => `${name} ${value}`);
  const about = words.length === 0 ? '' : ` (${words.join(', ')})`;
  return `REFUSED: ${what}${about} by ${door} from ${client}: ${message} (${code}, request ${request})`;
}

function tellNotice({ what, facts }: NoticeChange): string {
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? what : `${what}: ${words.join(', ')}`;
}

function tellRepeats({ seconds, count, sources, others }: RepeatsChange): string {
  const rest = others === 0 ? [] : [`${others} of others`];
  return `${count} more within ${seconds} s: ${[...sources.map(tellSource), ...rest].join('; ')}`;
}

function tellSource({ of, what, code, door, client, count, requests }: RepeatedSource): string {
  const who = `${door === '' ? '' : ` by ${door}`}${client === '' ? '' : ` from ${client}`}`;
  const which = requests.length === 0 ? '' : `, the last requests ${requests.join(', ')}`;
  return `${count} × ${of} ${what}${who} (${code}${which})`;
}

export function tellReload(event: ReloadChange): string {
  const { state, from, to, changed, rules, moved, forced, faults } = event;
  if (state === 'refused') return `new files were refused, ${from} stays: ${faults.join('; ')}`;
  const how = state === 'forced' ? ` IN SPITE OF ${forced.join(', ')}` : '';
  const which = from === to ? from : `${to} after ${from}`;
  const what = changed.length === 0 ? '' : `: ${changed.join(', ')}`;
  const moves = moved.map(
    ({ service, share }) => `${Math.round(share * 1000) / 10} % of ${service}`,
  );
  const moving = moves.length === 0 ? '' : `; it moves ${moves.join(', ')}`;
  return `new files came into force${how}, ${which}${what}${moving}${tellRules(rules)}`;
}

/** What was checked, with its figures; empty where nothing was. */
export function tellRules(rules: readonly Finding[] | undefined): string {
  if (rules === undefined || rules.length === 0) return '';
  return `; checked: ${rules.map(tellFinding).join('; ')}`;
}

function tellFinding({ rule, isAllowed, figures }: Finding): string {
  return `${rule}: ${figures}${isAllowed ? '' : ' (overridden)'}`;
}
