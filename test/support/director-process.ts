// A real director in a process of its own, with a configuration of the test's.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A folder with meridian.yaml and regions/ in it, removed when disposed. */
export interface ConfigFolder extends Disposable {
  readonly folder: string;
  readonly main: string;
  write(name: string, text: string | Uint8Array): void;
}

export function createConfigFolder(
  main: string,
  regions: Readonly<Record<string, string>>,
): ConfigFolder {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-'));
  mkdirSync(join(folder, 'regions'));
  const write = (name: string, text: string | Uint8Array): void =>
    writeFileSync(join(folder, name), text);
  write('meridian.yaml', main);
  for (const [id, text] of Object.entries(regions)) write(`regions/${id}.yaml`, text);
  return {
    folder,
    main: join(folder, 'meridian.yaml'),
    write,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The repository's own configuration, in a folder of its own. */
export function copyExampleConfig(): ConfigFolder {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-'));
  cpSync(join(root, 'meridian.yaml'), join(folder, 'meridian.yaml'));
  cpSync(join(root, 'regions'), join(folder, 'regions'), { recursive: true });
  return {
    folder,
    main: join(folder, 'meridian.yaml'),
    write: (name, text) => writeFileSync(join(folder, name), text),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Disposed, it is killed, and waited for until nobody has its output open: whoever took its place neither. */
export interface DirectorProcess extends AsyncDisposable {
  readonly pid: number;
  readonly dnsPort: number;
  readonly http: string;
  /** From spawning to the line that says `ready`. */
  readonly readyMs: number;
  /** Everything it has logged so far, one JSON object a line. */
  logs(): readonly Readonly<Record<string, unknown>>[];
  /** Sends a signal; resolves with the exit code once it has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code once it has ended. */
  ended(): Promise<number | null>;
}

/**
 * Starts `meridian serve` on ports that the system chooses; rejects when it is not ready in time.
 * `prefix` is put before the command.
 */
export async function startDirectorProcess(
  config: string,
  env: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): Promise<DirectorProcess> {
  const start = performance.now();
  const serve = [process.execPath, join(root, 'src/meridian.js'), 'serve', '--config', config];
  const words = [...prefix, ...serve];
  const child = spawn(words[0] ?? '', words.slice(1), {
    env: { ...process.env, MERIDIAN_DNS: '127.0.0.1:0', MERIDIAN_HTTP: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: Record<string, unknown>[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await waitUntilReady(child, logs, ended);
  return {
    pid: child.pid ?? 0,
    dnsPort: Number(String(ready['dns']).split(':').at(-1)),
    http: `http://${String(ready['http'])}`,
    readyMs: performance.now() - start,
    logs: () => logs,
    signal: (signal) => void child.kill(signal),
    ended: () => ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function waitUntilReady(
  child: ChildProcess,
  logs: Record<string, unknown>[],
  ended: Promise<number | null>,
): Promise<Record<string, unknown>> {
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the director was not ready within two minutes: ${errors}`));
    }, 120_000);
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the director ended with ${code}: ${errors}`));
    });
    let rest = '';
    child.stdout?.on('data', (chunk) => {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const entry = JSON.parse(line) as Record<string, unknown>;
        logs.push(entry);
        if (entry['event'] !== 'ready') continue;
        clearTimeout(timer);
        resolve(entry);
      }
    });
  });
}
