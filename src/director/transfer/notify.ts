// Notify: tells each secondary when a zone's serial moves, until it has understood (RFC 1996).

import { serialOf } from '../../authority/serial.ts';
import { formatIp } from '../../model/ip.ts';
import { rcodes } from '../../model/message.ts';
import { formatName } from '../../model/name.ts';
import type { Secondary, TsigKey } from '../../model/secondary.ts';
import type { Settings, Zone } from '../../model/settings.ts';
import { millis } from '../../model/time.ts';
import type { Clock, Hmac, Log, Random, SendNotice } from '../../ports.ts';
import { signatureOf } from '../../wire/envelope.ts';
import { noticeAnswer, noticeOf } from '../../wire/notice.ts';
import { limitCalls } from '../in-flight.ts';
import { signRequest } from './signatures.ts';

export interface NotifyOptions {
  readonly send: SendNotice;
  readonly hmac: Hmac;
  readonly clock: Clock;
  readonly random: Random;
  /** Sixteen bits that strangers cannot guess. */
  readonly newId: () => number;
  readonly log: Log;
  readonly counts: NoticeCounts;
}

/** How telling a secondary of a serial ended. */
export interface NoticeCounts {
  acknowledged: number;
  unanswered: number;
}

export interface Notify extends AsyncDisposable {
  /** Tells every secondary of these zones what it has not been told; returns at once. */
  tell(settings: Settings): void;
}

/** The first try and those that follow, each after twice the time: two minutes in all. */
const tries = 7;
const firstPause = 1000;

const mostInFlight = 64;

interface Telling {
  readonly serial: number;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export function startNotify(options: NotifyOptions): Notify {
  const send = limitCalls(options.send, () => mostInFlight);
  const tellings = new Map<string, Telling>();
  return {
    tell({ zones, dns }) {
      const wanted = new Set<string>();
      for (const zone of zones) {
        for (const secondary of zone.secondaries) {
          const key = dns.keys.find(({ name }) => name === secondary.key);
          const words = JSON.stringify([zone.apex, secondary, key]);
          const serial = serialOf(zone);
          wanted.add(words);
          if (tellings.get(words)?.serial === serial) continue;
          tellings.get(words)?.stop.abort();
          const stop = new AbortController();
          const done = tellOne(zone, secondary, key, stop.signal, { ...options, send });
          tellings.set(words, { serial, stop, done });
        }
      }
      for (const [words, { stop }] of tellings) {
        if (wanted.has(words)) continue;
        stop.abort();
        tellings.delete(words);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of tellings.values()) stop.abort();
      await Promise.all(Array.from(tellings.values(), ({ done }) => done));
    },
  };
}

/** Ends when the secondary has understood, when it never does, or when there is newer word. */
async function tellOne(
  zone: Zone,
  secondary: Secondary,
  key: TsigKey | undefined,
  signal: AbortSignal,
  options: NotifyOptions,
): Promise<void> {
  const { clock, random, log, counts } = options;
  const to = `${formatIp(secondary.address)} port ${secondary.port}`;
  const told = { zone: formatName(zone.apex), serial: serialOf(zone), to };
  let reason = '';
  for (let i = 0; i < tries; i++) {
    if (i > 0) await clock.sleep(millis(firstPause * 2 ** (i - 1) * (1 + random() / 4)), signal);
    if (signal.aborted) return;
    const failure = await tellOnce(zone, secondary, key, signal, options);
    if (failure === undefined) {
      counts.acknowledged++;
      log.info('notify.acknowledged', told);
      return;
    }
    reason = failure;
  }
  if (signal.aborted) return;
  counts.unanswered++;
  log.warn('notify.unanswered', { ...told, reason });
}

/** Why a notice was not understood; undefined when it was. */
async function tellOnce(
  zone: Zone,
  { address, port }: Secondary,
  key: TsigKey | undefined,
  signal: AbortSignal,
  { send, hmac, newId }: NotifyOptions,
): Promise<string | undefined> {
  const id = newId();
  const notice = noticeOf(id, zone.soa);
  const signed = key && signRequest(notice, key, hmac);
  const isAnswer = (bytes: Uint8Array): boolean => noticeAnswer(bytes, id) !== undefined;
  const to = { host: formatIp(address), port };
  const answer = await send(to, signed?.message ?? notice, isAnswer, signal);
  if (answer === undefined) return 'no answer';
  if (typeof answer === 'string') return answer;
  const code = noticeAnswer(answer, id);
  if (code !== rcodes.NOERROR) return rcodeName(code);
  const isMatch = signed === undefined || signed.isMatch(signatureOf(answer));
  return isMatch ? undefined : 'the answer is not signed as it must be';
}

function rcodeName(code: number | undefined): string {
  return Object.entries(rcodes).find(([, each]) => each === code)?.[0] ?? `RCODE${code}`;
}
