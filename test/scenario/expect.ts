// Whether answers are what a scenario expects of them.

import assert from 'node:assert/strict';
import { askWhy } from './doors.ts';
import { addressesOf } from './draft.ts';
import type { Words } from './language.ts';
import { type Heard, runningAt, type Stage } from './stage.ts';

/** Every director that was asked must have answered so. */
export function expectAnswer(stage: Stage, words: Words): void {
  assert.ok(stage.heard.length > 0, 'nothing was asked');
  stage.isChecked = true;
  for (const heard of stage.heard) {
    const { seat, asking, said } = heard;
    const mistakes = mistakesIn(heard, words, stage);
    if (mistakes.length === 0) continue;
    const why = askWhy(runningAt(seat), asking);
    const data = said.data.map((text) => inWords(text, stage)).join(' ');
    const note = said.note === undefined ? '' : ` saying "${said.note}"`;
    const answer = `${said.status} ${data || 'nothing'} ttl ${said.ttl} scope ${said.scope}${note}`;
    assert.fail(`${mistakes.join('; ')}; ${seat.id} answered: ${answer}\n\n${why}`);
  }
}

/** What the answer differs in; what the sentence leaves out may be anything, but for the note. */
function mistakesIn({ seat, asking, said }: Heard, words: Words, stage: Stage): string[] {
  const { ANSWER, TTL, SCOPE, NOTE, WHY } = words;
  const wanted = wantedOf(ANSWER, stage, asking.type);
  const hasNote = NOTE === '' ? said.note === undefined : (said.note ?? '').includes(NOTE);
  const isFine: Readonly<Record<string, boolean>> = {
    status: said.status === wanted.status,
    answer: said.data.join(' ') === wanted.data,
    ttl: TTL === '' || said.ttl === Number(TTL),
    scope: SCOPE === '' || said.scope === Number(SCOPE),
    note: hasNote,
    why: WHY === '' || askWhy(runningAt(seat), asking).includes(WHY),
  };
  return Object.keys(isFine).filter((part) => isFine[part] !== true);
}

/** `nothing`, a status, or regions and data of records in their order. */
function wantedOf(answer: string, stage: Stage, type: string): { status: string; data: string } {
  if (answer === 'nothing') return { status: 'NOERROR', data: '' };
  if (/^[A-Z]+$/.test(answer)) return { status: answer, data: '' };
  const { draft } = stage;
  const data = answer.split(' ').map((word) => {
    if (!draft.regions.has(word)) return word;
    return addressesOf(draft, word)[type === 'AAAA' ? 'AAAA' : 'A'];
  });
  return { status: 'NOERROR', data: data.join(' ') };
}

/** The region that an address belongs to. */
function inWords(address: string, { draft }: Stage): string {
  const isOwner = (region: string): boolean =>
    Object.values(addressesOf(draft, region)).includes(address);
  return [...draft.regions.keys()].find(isOwner) ?? address;
}

/** How often each director's answer has changed since it was followed. */
export function expectMoves({ followed }: Stage, least: number, most: number): void {
  assert.ok(followed, 'nobody is followed');
  for (const [id, moves] of followed.moves) {
    assert.ok(moves >= least && moves <= most, `${id} changed its answer ${moves} times`);
  }
}
