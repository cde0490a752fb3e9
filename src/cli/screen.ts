// A terminal that is drawn anew: its second screen, which leaves what was on the first as it was.

import { visible } from '../model/visible.ts';
import type { Screen } from './command.ts';

interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** xterm's control sequences, which every terminal of today knows. */
const words = {
  open: '\x1b[?1049h\x1b[?25l',
  close: '\x1b[?25h\x1b[?1049l',
  home: '\x1b[H',
  endOfLine: '\x1b[K',
  endOfScreen: '\x1b[J',
};

export function createScreen(terminal: Terminal): Screen {
  let last: readonly string[] = [];
  let onResize = (): void => undefined;
  return {
    get rows() {
      return terminal.rows;
    },
    open(repaint) {
      onResize = repaint;
      terminal.on('resize', onResize);
      terminal.write(words.open);
    },
    paint(lines) {
      // What names and reasons hold was written by others: no control sequence goes through.
      last = lines.map(visible);
      const shown = last
        .slice(0, terminal.rows)
        .map((line) => line.slice(0, terminal.columns) + words.endOfLine);
      // Over what is there, and not after wiping it, which would flicker.
      terminal.write(words.home + shown.join('\r\n') + words.endOfScreen);
    },
    close() {
      terminal.off('resize', onResize);
      // What was seen last stays readable.
      terminal.write(`${words.close}${last.join('\n').trimEnd()}\n`);
    },
  };
}
