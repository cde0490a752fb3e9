// Runs one scenario: its lines in their order, in virtual time.

import assert from 'node:assert/strict';
import { linesOf } from './language.ts';
import { perform } from './sentences.ts';
import { createStage, type Stage, stop } from './stage.ts';

/** A mistake, and an answer that differs, is an error that names the file and the line. */
export async function runScenario(path: string, text: string): Promise<void> {
  const stage = createStage();
  for (const { line, number } of linesOf(text)) {
    await at(`${path}:${number}: ${line}`, () => perform(line, stage));
  }
  await at(`${path}: at its end`, () => finish(stage));
}

async function finish(stage: Stage): Promise<void> {
  assert.ok(stage.heard.length > 0 || stage.polls.length > 0, 'nobody was asked');
  assert.ok(stage.isChecked, 'the last answer was not checked');
  for (const life of stage.apps.values()) life.abort();
  for (const seat of stage.seats.values()) if (seat.running !== undefined) await stop(seat);
}

async function at(where: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    throw new Error(`${where}\n${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}
