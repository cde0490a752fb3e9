// `meridian serve`: run a director until it is told to stop.

import { type Director, startDirector } from '../compose.ts';
import { createLog } from '../edge/log.ts';
import { handedSockets } from '../edge/sockets.ts';
import { formatEndpoint } from '../edge/udp.ts';
import { type FaultCode, formatFault } from '../model/fault.ts';
import type { Log } from '../ports.ts';
import { handOver, sayReady } from './hand-over.ts';
import { type Command, exits, type Io, textOption } from './command.ts';

export const serve: Command = {
  name: 'serve',
  usage: '[--config FILE] [--strict]',
  summary:
    'Run a director; JSON lines on standard output, SIGHUP reloads, SIGUSR2 restarts without a gap, SIGTERM drains and stops.',
  options: { config: { type: 'string' }, strict: { type: 'boolean' } },
  words: [0, 0],
  async run(_words, options, io) {
    const config = textOption(options, 'config', 'meridian.yaml');
    const how = { logTo: 1, isStrict: options['strict'] === true };
    return runDirector(config, io, how, (director, log) => {
      log.info('ready', {
        dns: director.dns.map(formatEndpoint).join(','),
        http: formatEndpoint(director.http),
      });
      sayReady();
    });
  },
};

/**
 * Starts a director, calls `onReady` when DNS and HTTP answer, and takes it down when the process is
 * asked to stop. `logTo` is a file or a descriptor; one that is strict starts with nothing but what
 * the files say.
 */
export async function runDirector(
  config: string,
  io: Io,
  { logTo, isStrict }: { readonly logTo: number | string; readonly isStrict: boolean },
  onReady: (director: Director, log: Log) => void,
): Promise<number> {
  await using parts = new AsyncDisposableStack();
  let log: ReturnType<typeof createLog> | undefined;
  const started = await startDirector({
    config,
    env: io.env,
    isStrict,
    handed: handedSockets(io.env),
    openLog: (settings) => {
      log = createLog({ level: settings.log.level, destination: logTo });
      parts.use(log);
      return log;
    },
  });
  if (!started.ok) {
    for (const fault of started.faults) io.err(formatFault(fault));
    io.err(`${config} is not usable: nothing was started`);
    return exits.no;
  }
  const director = parts.use(started.value);
  const onHangUp = (): void => {
    void director.reload();
  };
  process.on('SIGHUP', onHangUp);
  parts.defer(() => void process.off('SIGHUP', onHangUp));
  if (log === undefined) return exits.no;
  // Whoever reads that it is ready may send a signal in the same moment.
  const ended = endOf(director, io, log);
  onReady(director, log);
  await ended;
  log.info('stopping');
  return exits.fine;
}

/** Settles when it is asked to stop, or when another process has taken over. */
function endOf(director: Director, io: Io, log: Log): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isHandingOver = false;
  const onRestart = (): void => {
    if (isHandingOver) return;
    isHandingOver = true;
    void restart(director, io, log).then((isDone) => {
      isHandingOver = false;
      if (isDone) resolve();
    });
  };
  process.on('SIGUSR2', onRestart);
  // It may have been asked while it was starting.
  if (io.signal.aborted) resolve();
  io.signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => process.off('SIGUSR2', onRestart));
}

/** Faults by which files are kept out, or nobody knows whether they should be: no others are for the next process to judge. */
const lasting: ReadonlySet<FaultCode> = new Set([
  'safety.refused',
  'config.moves',
  'director.internal',
]);

/**
 * The next process takes the files as they are, and compares them with nothing: what this one would refuse to
 * bring into force must not come in by way of it. Files with faults are for the next one to judge, since it
 * may know more settings. Nothing is begun where this one was told to stop meanwhile.
 */
async function restart(
  director: Director,
  { signal }: Pick<Io, 'signal'>,
  log: Log,
): Promise<boolean> {
  const faults = await director.reload();
  if (signal.aborted) return false;
  const refused = faults.find(({ code }) => lasting.has(code));
  if (refused !== undefined) {
    log.error('handover.failed', { reason: formatFault(refused) });
    return false;
  }
  director.giveWay();
  const isDone = await handOver(director.doors, log);
  if (!isDone) director.goOn();
  return isDone;
}
