// Handing a word round: to each director by its own HTTP API, where no board would bring it there.

import type { Fault } from '../model/fault.ts';
import type { OverrideReport } from '../model/report.ts';

/** One director, as whoever carries a word meets it; faults are values. */
export interface Door {
  readonly name: string;
  /** Has it make the word, which is then later than every one that it knows. */
  make(): Promise<OverrideReport | Fault>;
  /** Hands it the word that another one made. */
  take(word: OverrideReport): Promise<OverrideReport | Fault>;
}

/** What each director answered, by its name; and the word, if any of them made it. */
export interface Round {
  readonly word: OverrideReport | undefined;
  readonly answers: ReadonlyMap<string, OverrideReport | Fault>;
}

/** Faults of the word itself: no other director would say otherwise. */
const final: readonly string[] = [
  'request.invalid',
  'region.unknown',
  'service.unknown',
  // Another director may know less: nobody looks for one that lets it pass.
  'safety.refused',
];

/**
 * One director makes the word and signs it, and the others are handed that same one, so that there is
 * nothing to settle among them once they hear each other again. Where one knows of a later word, as
 * its clock is ahead or it heard of one whose is, that one makes the word anew: its own is later
 * than both. Each makes it once at most, so it ends.
 */
export async function handRound(doors: readonly Door[]): Promise<Round> {
  const answers = new Map<string, OverrideReport | Fault>();
  const left = [...doors];
  let word: OverrideReport | undefined;
  for (let maker = left.shift(); maker !== undefined; maker = left.shift()) {
    const made = await maker.make();
    answers.set(maker.name, made);
    if ('code' in made) {
      if (final.includes(made.code)) return { word, answers };
      continue;
    }
    word = made;
    const others = doors.filter((door) => door !== maker);
    const taken = await Promise.all(others.map((door) => door.take(made)));
    for (const [i, answer] of taken.entries()) answers.set((others[i] as Door).name, answer);
    const ahead = left.findIndex((door) => isOutdone(answers.get(door.name)));
    if (ahead < 0) break;
    left.unshift(...left.splice(ahead, 1));
  }
  return { word, answers };
}

function isOutdone(answer: OverrideReport | Fault | undefined): boolean {
  return answer !== undefined && 'code' in answer && answer.code === 'override.outdone';
}
