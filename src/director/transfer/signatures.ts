// Signatures: whether a message is signed as TSIG wants it (RFC 8945 §5), and replies signed to match.

import type { TsigKey } from '../../model/secondary.ts';
import type { Hmac } from '../../ports.ts';
import type { Signature } from '../../wire/envelope.ts';
import { noOctets, uint16At } from '../../wire/octets.ts';
import {
  hmacSha256,
  macInput,
  macSize,
  sizeOfTsig,
  timeOctets,
  type Tsig,
  type TsigError,
  tsigErrors,
  withTsig,
} from '../../wire/tsig.ts';

/** Seconds that two clocks may be apart, as RFC 8945 §10 recommends. */
const fudge = 300;

/** Signs the messages of one reply, in their order. */
export interface Signer {
  /** Octets that it adds to each. */
  readonly size: number;
  sign(message: Uint8Array): Uint8Array;
}

export interface Judged {
  /** The key that made the signature; undefined where none of ours did. */
  readonly key: TsigKey | undefined;
  /** Undefined for a good signature. */
  readonly error: TsigError | undefined;
  /** Signs the reply, or where the key is in doubt says why it is not signed (RFC 8945 §5.3.2). */
  readonly signer: Signer;
}

/** Undefined for a MAC that cannot be one: the message is malformed (RFC 8945 §5.2.2.1). */
export function judgeQuery(
  { tsig, message }: Signature,
  keys: readonly TsigKey[],
  hmac: Hmac,
): Judged | undefined {
  const key = keys.find(({ name }) => name === tsig.key);
  if (key === undefined || tsig.algorithm !== hmacSha256) return doubted(tsig, 'BADKEY');
  if (tsig.mac.length > macSize || tsig.mac.length < macSize / 2) return undefined;
  if (!hmac.verify(key.secret, macInput(message, tsig, undefined), tsig.mac)) {
    return doubted(tsig, 'BADSIG');
  }
  const now = hmac.unixSeconds();
  // RFC 8945 §5.2: time only after the MAC, and whether it was cut short only after both.
  const error = isFar(tsig, now) ? 'BADTIME' : tsig.mac.length < macSize ? 'BADTRUNC' : undefined;
  return { key, error, signer: createSigner(key, tsig, error, hmac) };
}

function isFar(tsig: Tsig, now: number): boolean {
  return Math.abs(now - tsig.signedAt) > tsig.fudge;
}

function doubted(tsig: Tsig, error: TsigError): Judged {
  const record = { ...tsig, mac: noOctets, error: tsigErrors[error], other: noOctets };
  const signer = {
    size: sizeOfTsig(record, 0),
    sign: (message: Uint8Array) => withTsig(message, record),
  };
  return { key: undefined, error, signer };
}

/** RFC 8945 §5.3.1: each message's MAC covers the one before, the first the request's. */
function createSigner(
  { name, secret }: TsigKey,
  request: Tsig,
  error: TsigError | undefined,
  hmac: Hmac,
): Signer {
  // RFC 8945 §5.2.3: whose clock is wrong hears it in its own time, with ours beside.
  const isLate = error === 'BADTIME';
  const record = {
    key: name,
    algorithm: hmacSha256,
    fudge: isLate ? request.fudge : fudge,
    error: error === undefined ? 0 : tsigErrors[error],
    other: isLate ? timeOctets(hmac.unixSeconds()) : noOctets,
  };
  let prior = request.mac;
  let isContinued = false;
  return {
    size: sizeOfTsig(record),
    sign(message) {
      const signedAt = isLate ? request.signedAt : hmac.unixSeconds();
      const tsig = { ...record, signedAt, originalId: uint16At(message, 0) };
      const mac = hmac.sign(secret, macInput(message, tsig, prior, isContinued));
      [prior, isContinued] = [mac, true];
      return withTsig(message, { ...tsig, mac });
    },
  };
}

/** A request of ours, signed, and how to tell that a reply is signed to match. */
export function signRequest(message: Uint8Array, key: TsigKey, hmac: Hmac) {
  const record = {
    key: key.name,
    algorithm: hmacSha256,
    signedAt: hmac.unixSeconds(),
    fudge,
    originalId: uint16At(message, 0),
    error: 0,
    other: noOctets,
  };
  const mac = hmac.sign(key.secret, macInput(message, record, undefined));
  return {
    message: withTsig(message, { ...record, mac }),
    isMatch: (reply: Signature | undefined): boolean => {
      if (reply === undefined) return false;
      const { tsig } = reply;
      const isOurs = tsig.key === key.name && tsig.algorithm === hmacSha256 && tsig.error === 0;
      const isWhole = tsig.mac.length === macSize;
      const parts = macInput(reply.message, tsig, mac);
      const isGood = isOurs && isWhole && hmac.verify(key.secret, parts, tsig.mac);
      return isGood && !isFar(tsig, hmac.unixSeconds());
    },
  };
}
