// The identity of a server: its certificate and key, read from files again when they change.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { FaultError } from '../model/fault.ts';
import { millis } from '../model/time.ts';
import type { Clock, Log } from '../ports.ts';

/** PEM texts. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Identity extends AsyncDisposable {
  current(): KeyPair;
  /** Calls back with every pair that takes over. */
  onChange(listener: (pair: KeyPair) => void): void;
}

export interface IdentityOptions {
  /** Paths of PEM files: the chain with the server's own certificate first, and its key. */
  readonly certificate: string;
  readonly key: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Certificates are renewed weeks before they end: a minute more is soon enough. */
const lookEvery = millis(60_000);

/**
 * Rejects with a FaultError when the files cannot be used. Later a pair that cannot be used, for
 * one because only one of the files is there yet, is told once, and the last good one stays.
 */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { clock, log } = options;
  const listeners: ((pair: KeyPair) => void)[] = [];
  const stop = new AbortController();
  let pair = await readPair(options);
  let told = '';
  const look = async (): Promise<void> => {
    try {
      const next = await readPair(options);
      told = '';
      if (next.cert === pair.cert && next.key === pair.key) return;
      pair = next;
      log.info('certificate.renewed', { certificate: options.certificate });
      for (const listener of listeners) listener(pair);
    } catch (error) {
      const reason = String(error);
      if (reason !== told) log.error('tls.unusable', { reason });
      told = reason;
    }
  };
  const patrol = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(lookEvery, stop.signal);
      if (!stop.signal.aborted) await look();
    }
  })();
  return {
    current: () => pair,
    onChange: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await patrol;
    },
  };
}

async function readPair({ certificate, key: keyFile }: IdentityOptions): Promise<KeyPair> {
  try {
    const cert = await readFile(certificate, 'utf8');
    const key = await readFile(keyFile, 'utf8');
    // Throws when the key is not the certificate's.
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const message = `cannot use ${certificate} with ${keyFile}: ${words}`;
    throw new FaultError({ code: 'tls.unusable', message }, error);
  }
}
