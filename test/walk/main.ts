// `npm run walk [STEPS] [SEED] [LEG]`: walks so many steps from that leg on, and tells the shortest story of what breaks.

import { randomBytes } from 'node:crypto';
import { shrink } from './shrink.ts';
import { type Leg, walkLeg } from './walk.ts';

const [, , steps = '20000', seed = randomBytes(4).toString('hex'), first = '0'] = process.argv;

/** How often it says how far it is. */
const stepsPerLine = 100_000;

await main();

async function main(): Promise<void> {
  const wanted = Number(steps);
  const start = performance.now();
  const sum = { steps: 0, moves: 0, legs: 0, rounds: 0 };
  console.log(`walking ${wanted} steps, seed ${seed}, from leg ${first}`);
  while (sum.steps < wanted) {
    const number = Number(first) + sum.legs;
    const leg = await walkLeg({ seed: `${seed} ${number}` });
    if (leg.broken !== undefined) return tellBroken(leg, number);
    const before = sum.steps;
    sum.steps += leg.steps;
    sum.moves += leg.made;
    sum.legs++;
    sum.rounds = Math.max(sum.rounds, leg.rounds);
    if (Math.floor(before / stepsPerLine) === Math.floor(sum.steps / stepsPerLine)) continue;
    console.log(`${sum.steps} steps, ${sum.legs} legs, ${seconds(start)} s`);
  }
  const rate = Math.round(sum.steps / Math.max(1, seconds(start)));
  console.log(
    `nothing broke in ${sum.steps} steps of ${sum.legs} legs, ${sum.moves} of them moves; ` +
      `agreed within ${sum.rounds.toFixed(1)} rounds; ${seconds(start)} s, ${rate} steps/s, seed ${seed}`,
  );
}

async function tellBroken(leg: Leg, number: number): Promise<void> {
  console.log(`leg ${number} (a fleet of ${leg.fleet}) broke: ${leg.broken?.message}`);
  console.log('looking for the shortest way there …');
  const { story, moves } = await shrink(leg, { seed: `${seed} ${number}` });
  console.log(story.join('\n'));
  console.log(`${moves.length} of ${leg.moves.length} moves are left.`);
  console.log(`Once more: npm run walk 1 ${seed} ${number}`);
  process.exitCode = 1;
}

function seconds(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}
