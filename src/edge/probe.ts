// Probes: makes one attempt at a region by the kind of its probe and says how it went.

import type { Sample } from '../model/health.ts';
import type { Prefix } from '../model/ip.ts';
import { type NetworkProbe, probedHost } from '../model/region.ts';
import { formatSpan, millis } from '../model/time.ts';
import type { Probe } from '../ports.ts';
import type { Attempt, Finding } from './probe-attempt.ts';
import { probeDns } from './probe-dns.ts';
import { createGuard } from './probe-guard.ts';
import { probeHttp } from './probe-http.ts';
import { probeTcp } from './probe-tcp.ts';
import { probeTls } from './probe-tls.ts';

const attempts: {
  readonly [Kind in NetworkProbe['kind']]: Attempt<Extract<NetworkProbe, { kind: Kind }>>;
} = {
  http: probeHttp,
  tcp: probeTcp,
  tls: probeTls,
  dns: probeDns,
};

/** Longest reason in characters: it travels in every vote, and part of it may be the target's words. */
const reasonLimit = 160;

/** `networks` says where probes may go at the moment; undefined is anywhere. */
export function createProbe(
  networks: () => readonly Prefix[] | undefined = () => undefined,
): Probe<NetworkProbe> {
  const guard = createGuard(networks);
  return async (spec, signal) => {
    const attempt = attempts[spec.kind] as Attempt<NetworkProbe>;
    // Not AbortSignal.any: what it ties to the long-lived signal stays there until collected.
    const limit = new AbortController();
    const stop = (): void => limit.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const timer = setTimeout(stop, spec.timeout);
    const started = performance.now();
    const sample = ({ reason, ...rest }: Finding): Sample => ({
      ...rest,
      isHealthy: reason === '',
      latency: millis(Math.round(performance.now() - started)),
      reason: reason.replaceAll(/\p{Cc}+/gu, ' ').slice(0, reasonLimit),
    });
    try {
      guard.check(probedHost(spec));
      return sample(await attempt(spec, guard, limit.signal));
    } catch (error) {
      const span = formatSpan(spec.timeout);
      if (signal.aborted) return sample({ reason: 'stopped' });
      if (limit.signal.aborted) return sample({ reason: `timed out after ${span}` });
      return sample({ reason: wordsOf(error) });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      stop();
    }
  };
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name look-up failed',
  ETIMEDOUT: 'connection timed out',
  HPE_HEADER_OVERFLOW: 'response header too large',
  CERT_HAS_EXPIRED: 'certificate has expired',
  // Node's own words for these end in advice about its command line.
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in the chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate issuer not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate issuer not known',
};

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return words[code] ?? (error.message || code || 'failed');
}
