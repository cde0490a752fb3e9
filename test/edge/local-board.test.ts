// The in-process board keeps the contract of every board, in virtual time.

import { createLocalBoard } from '../../src/edge/local-board.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { testBoard } from './board.contract.ts';

testBoard('local board', async () => {
  const clock = createFakeClock();
  const board = createLocalBoard(clock);
  return { here: board, there: board, pass: (span) => clock.advance(span) };
});
