// Sentences on what a director knows and tells of the others.

import assert from 'node:assert/strict';
import type { Words } from './language.ts';
import { type Act, runningAt, seatOf, type Stage } from './stage.ts';

export const reportSentences: Readonly<Record<string, Act>> = {
  'director DIRECTOR reports itself ROLE': (stage, words) =>
    assert.equal(healthOf(stage, words).observer, words.ROLE),
  'director DIRECTOR reports isolated OBSERVERS': (stage, words) => {
    const isolated = healthOf(stage, words).observers.filter((each) => each.isIsolated);
    assert.equal(inWords(isolated.map(({ observer }) => observer)), words.OBSERVERS);
  },
  'director DIRECTOR reports that OBSERVER misses REGIONS': (stage, words) => {
    const found = healthOf(stage, words).observers.find(
      ({ observer }) => observer === words.OBSERVER,
    );
    assert.ok(found, `it has not heard of ${words.OBSERVER}`);
    assert.equal(found.missing === null ? 'unsaid' : inWords(found.missing), words.REGIONS);
  },
  'director DIRECTOR reports COUNT configurations': (stage, words) =>
    assert.equal(healthOf(stage, words).configurations.length, Number(words.COUNT)),
  'director DIRECTOR told NEWS COUNT times': (stage, { DIRECTOR, NEWS, COUNT }) => {
    const { log } = runningAt(seatOf(stage, DIRECTOR));
    const told = log.lines.filter((line) => line.split(' ')[1] === NEWS);
    assert.equal(told.length, Number(COUNT));
  },
};

function healthOf(stage: Stage, { DIRECTOR }: Words) {
  return runningAt(seatOf(stage, DIRECTOR)).api.health();
}

function inWords(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(' ');
}
