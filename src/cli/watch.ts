// `meridian status --watch`: the table as it is now and what happened last, or in a pipe a line for each event.

import type { HealthReport } from '../model/report.ts';
import { callDirector } from './client.ts';
import { exits, type Io, type Options, type Screen } from './command.ts';
import { type Followed, followEvents } from './event-source.ts';
import { harmless } from './json.ts';
import { clockOf, sentenceOf } from './sentence.ts';

export type Draw = (health: HealthReport) => string[];

/** Until the process is asked to stop, which is how this ends well. */
export async function watch(options: Options, io: Io, draw: Draw): Promise<number> {
  if (io.screen === undefined || options['json'] === true) await printEvents(options, io);
  else await drawScreen(options, io, io.screen, draw);
  return exits.fine;
}

async function printEvents(options: Options, io: Io): Promise<void> {
  let isLost = false;
  for await (const event of followEvents(options, io)) {
    const isNews = event.type !== 'lost' || !isLost;
    isLost = event.type === 'lost';
    if (options['json'] === true) {
      if (event.type !== 'lost') io.out(harmless(JSON.stringify(event)));
      continue;
    }
    const line = isNews ? lineOf(event) : undefined;
    if (line !== undefined) io.out(line);
  }
}

/** With the moment it happened, or was noticed. */
function lineOf(event: Followed): string | undefined {
  const at = 'at' in event ? event.at : new Date().toISOString();
  const words = event.type === 'lost' ? `${event.fault.message}; trying again` : sentenceOf(event);
  return words === undefined ? undefined : `${at.slice(0, 19)}Z ${words}`;
}

/** How many events are remembered to be shown, as far as the screen is high enough. */
const mostKept = 200;

/** Changes that come together are drawn once; and what moves without an event is drawn this often. */
const pause = { together: 150, idle: 5000 };

interface Scene {
  health: HealthReport | undefined;
  /** Why there is no connection. */
  lost: string | undefined;
  readonly lines: string[];
}

async function drawScreen(options: Options, io: Io, screen: Screen, draw: Draw): Promise<void> {
  const scene: Scene = { health: undefined, lost: undefined, lines: [] };
  const paint = (): void => screen.paint(frameOf(scene, screen, draw));
  const refresh = async (): Promise<void> => {
    try {
      scene.health = await callDirector<HealthReport>('/v1/health', options, io);
    } catch {
      // The stream says what is wrong, and this one may only have been too late.
    }
    if (!io.signal.aborted) paint();
  };
  let timer = setTimeout(() => undefined, 0);
  const refreshIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh().then(() => refreshIn(pause.idle)), ms);
  };
  screen.open(paint);
  try {
    for await (const event of followEvents(options, io)) {
      scene.lost = event.type === 'lost' ? event.fault.message : undefined;
      const line = event.type === 'lost' ? undefined : lineOf(event);
      if (line !== undefined) scene.lines.push(line);
      if (scene.lines.length > mostKept) scene.lines.shift();
      if (event.type === 'lost') paint();
      else refreshIn(pause.together);
    }
  } finally {
    clearTimeout(timer);
    screen.close();
  }
}

/** The newest event stands at the bottom; what does not fit is left out from the top of the events. */
function frameOf({ health, lost, lines }: Scene, { rows }: Screen, draw: Draw): string[] {
  const state = lost === undefined ? 'live' : `NOT CONNECTED, trying again: ${lost}`;
  const now = clockOf(new Date().toISOString());
  const head = [`meridian status, ${now}Z, ${state}; Ctrl-C ends`, ''];
  const table = health === undefined ? ['no report yet'] : draw(health);
  const room = rows - head.length - table.length - 2;
  return [...head, ...table, '', ...(room > 0 ? lines.slice(-room) : [])];
}
