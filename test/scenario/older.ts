// A director of an older release as the fleet meets it: what it posts and what it reads is all that release 0.1.0 knew.

import { isRecord, parseJson } from '../../src/director/gossip/json.ts';
import type { Board, Seal } from '../../src/ports.ts';

const voteKeys = ['observer', 'region', 'incarnation', 'sequence', 'opinions'];

/** As many columns as an opinion had. */
const columns = 6;

export function asOlder(board: Board, seal: Seal): Board {
  return {
    ...board,
    async post(slot, value, lifetime) {
      const known = stripped(value, seal);
      if (known !== undefined) await board.post(slot, known, lifetime);
    },
    // Its hints are about no slot, and every read is of all.
    onHint: (listener) => board.onHint(() => listener()),
    async read() {
      const found = Array.from(await board.read(), ([slot, posted]) => {
        const value = stripped(posted.value, seal);
        return value === undefined ? [] : [[slot, { ...posted, value }] as const];
      });
      return new Map(found.flat());
    },
  };
}

/** Undefined for a kind of ballot that was not yet there. */
function stripped(value: string, seal: Seal): string | undefined {
  const json = parseJson(value.slice(value.indexOf(' ') + 1));
  if (!isRecord(json) || (json['vote'] === undefined && json['override'] === undefined)) {
    return undefined;
  }
  const { age, lifetime, override } = json;
  // It knows three kinds of words, each on all of a region, and refuses any other.
  if (isRecord(override) && typeof override['kind'] !== 'string') return undefined;
  const payload = JSON.stringify({ age, lifetime, vote: strippedVote(json['vote']), override });
  return `${seal.sign(payload)} ${payload}`;
}

function strippedVote(vote: unknown): unknown {
  if (!isRecord(vote)) return undefined;
  const { opinions } = vote;
  const rows = Array.isArray(opinions) ? (opinions as readonly (readonly unknown[])[]) : [];
  const kept = Object.entries(vote).filter(([key]) => voteKeys.includes(key));
  return { ...Object.fromEntries(kept), opinions: rows.map((row) => row.slice(0, columns)) };
}
