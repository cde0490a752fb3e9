// The identity that TLS is spoken with: certificate, key and trust, read from files again when they change.

import { type Fault, FaultError } from '../model/fault.ts';
import { millis } from '../model/time.ts';
import type { Clock, Log } from '../ports.ts';
import { faultInTime, type Pem, type PemFiles, readPem } from './pem.ts';

/** PEM texts of who must have both, as a server does. */
export type KeyPair = Pem & Required<Pick<Pem, 'cert' | 'key'>>;

export interface Kept<P extends Pem> extends AsyncDisposable {
  current(): P;
  /** Calls back with every one that takes over. */
  onChange(listener: (pem: P) => void): void;
  /** Looks now, and not in a minute; never rejects. */
  look(): Promise<void>;
}

export type Identity = Kept<KeyPair>;

interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
}

export interface IdentityOptions extends PemFiles, Surroundings {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates are renewed weeks before they end: a minute more is soon enough. */
const lookEvery = millis(60_000);

/**
 * Rejects with a FaultError when the files cannot be used; a certificate that has ended is told and
 * shown all the same, since DNS must not stand still for it. Later one that cannot be used, for one
 * because only some of the files are there yet, is told once, and the last good one stays.
 */
export function openIdentity(options: IdentityOptions): Promise<Identity> {
  // A pair of files gives a pair of texts.
  return keep(options, () => readPem(options) as Promise<KeyPair>);
}

/** The same for who asks, and may go without a certificate. */
export function openTrust(options: PemFiles & Surroundings): Promise<Kept<Pem>> {
  return keep(options, () => readPem(options));
}

async function keep<P extends Pem>(
  { clock, log, ...files }: PemFiles & Surroundings,
  read: () => Promise<P>,
): Promise<Kept<P>> {
  const listeners: ((pem: P) => void)[] = [];
  const stop = new AbortController();
  let told = '';
  const tell = (fault: Fault): void => {
    const reason = fault.message;
    if (reason !== told) log.error('tls.unusable', { reason });
    told = reason;
  };
  let pem = await read();
  const ended = faultInTime(files, pem, clock.now());
  if (ended !== undefined) tell(ended);
  const look = async (): Promise<void> => {
    try {
      const next = await read();
      if (JSON.stringify(next) === JSON.stringify(pem)) {
        told = '';
        return;
      }
      const fault = faultInTime(files, next, clock.now());
      if (fault !== undefined) return tell(fault);
      told = '';
      pem = next;
      log.info('certificate.renewed', { certificate: files.certificate ?? files.ca });
      for (const listener of listeners) listener(pem);
    } catch (error) {
      tell(error instanceof FaultError ? error.fault : unknown(error));
    }
  };
  const patrol = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(lookEvery, stop.signal);
      if (!stop.signal.aborted) await look();
    }
  })();
  return {
    current: () => pem,
    onChange: (listener) => void listeners.push(listener),
    look,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await patrol;
    },
  };
}

function unknown(error: unknown): Fault {
  return { code: 'tls.unusable', message: String(error) };
}
