// By which door operators' words came in at this director: other directors hear the words alone.

import type { Entrance } from '../../model/caller.ts';
import { compareClocks, type Override } from '../../model/override.ts';

export interface DoorBook {
  note(word: Override, door: Entrance): void;
  /** Undefined for a word that came in elsewhere, or long ago. */
  doorOf(word: Override): Entrance | undefined;
}

/** Far more than are in force at a time. */
const capacity = 1024;

export function createDoorBook(): DoorBook {
  const words = new Map<string, { readonly word: Override; readonly door: Entrance }>();
  return {
    note(word, door) {
      words.delete(word.id);
      words.set(word.id, { word, door });
      const [oldest] = words.keys();
      if (words.size > capacity && oldest !== undefined) words.delete(oldest);
    },
    doorOf({ id, clock }) {
      const found = words.get(id);
      return found !== undefined && compareClocks(found.word.clock, clock) === 0
        ? found.door
        : undefined;
    },
  };
}
