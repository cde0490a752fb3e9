// Why a Redis does not do what it was asked, in words for the operator and without a password.

import { linkWords } from './board-state.ts';

/** What a reply begins with, and what it means for a board; Redis's own words follow. */
const replies: Readonly<Record<string, string>> = {
  NOAUTH: 'it wants a user and password',
  WRONGPASS: 'it takes this user and password no longer, or never did',
  NOPERM: 'its ACL does not let this user do it',
  OOM: 'its memory is full',
  MISCONF: 'it cannot save and so takes no writes',
  READONLY: 'it is a replica',
  MOVED: 'another node of the Cluster holds the board now',
  CLUSTERDOWN: 'its Cluster is down',
  LOADING: 'it is still loading its data',
};

export function wordsFor(error: unknown, password: string | undefined): string {
  if (isTimeout(error)) return 'no answer in time';
  const { code, message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  const known = code === undefined ? undefined : linkWords[code];
  if (known !== undefined) return known;
  // A reply may quote the command it refuses, and with it the password.
  let text = password === undefined ? message : message.replaceAll(password, '***');
  if (code?.startsWith('ERR_SSL_') === true) return tlsWords(code, text);
  if (code?.startsWith('ERR_OSSL_') === true) text = `its tls settings cannot be used: ${text}`;
  const meaning = replies[/^[A-Z]+(?= |$)/.exec(text)?.[0] ?? ''];
  const whole = meaning === undefined ? text : `${meaning} (${text})`;
  return whole.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}

/** OpenSSL's own text is a line of its log, in which the words stand fifth. */
function tlsWords(code: string, text: string): string {
  if (code.endsWith('CERTIFICATE_REQUIRED')) return 'it wants a certificate of ours';
  const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+)/.exec(text)?.[1];
  return `TLS: ${reason ?? code}`;
}

export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^(?:Command timed out|Socket timeout)/.test(error.message);
}
