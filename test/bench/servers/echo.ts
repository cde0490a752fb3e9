// Echoes: what receiving and sending alone costs, in Node and in C.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Kind, startProgram } from './program.ts';

const lacks = { tcp: 'UDP alone', doh: 'UDP alone' };

export const echo: Kind = {
  name: 'bare dgram echo',
  needs: [],
  given: 'a Node `dgram` socket that sends every datagram back as it came',
  isEcho: true,
  lacks,
  start(_world, stage) {
    const [port] = stage.ports;
    const script = join(import.meta.dirname, 'echo-process.ts');
    return startProgram(
      { name: 'bare dgram echo', words: [process.execPath, script, `${port}`], port },
      stage,
    );
  },
};

export const echoInC: Kind = {
  name: 'C echo',
  needs: [{ file: 'gcc', debian: 'gcc' }],
  given: 'recvmmsg and sendmmsg, up to 32 datagrams with a call',
  isEcho: true,
  lacks,
  start(_world, stage) {
    const [port] = stage.ports;
    const program = join(stage.folder, 'echo');
    const source = join(import.meta.dirname, 'echo.c');
    const { status, stderr } = spawnSync('gcc', ['-O2', '-o', program, source]);
    if (status !== 0) throw new Error(`gcc: ${String(stderr)}`);
    return startProgram({ name: 'C echo', words: [program, `${port}`], port }, stage);
  },
};
