// Why TLS with a server has failed, in words for whoever asked it.

/** Undefined where the error is not one of TLS. */
export function tlsWords(error: unknown): string | undefined {
  const { code, reason } = error as { readonly code?: string; readonly reason?: unknown };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is for other names: ${printable(String(reason))}`;
  }
  return code === undefined ? undefined : words[code];
}

/** Names in a certificate are whatever its owner wrote. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
}

const unsigned = 'its certificate is signed by nobody who is trusted here';
const notTaken = 'it does not take this client certificate';

const words: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: unsigned,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unsigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unsigned,
  DEPTH_ZERO_SELF_SIGNED_CERT: unsigned,
  SELF_SIGNED_CERT_IN_CHAIN: unsigned,
  CERT_SIGNATURE_FAILURE: unsigned,
  CERT_HAS_EXPIRED: 'its certificate has ended',
  CERT_NOT_YET_VALID: 'its certificate has not begun',
  INVALID_PURPOSE: 'its certificate is not for servers',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: notTaken,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: notTaken,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: notTaken,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: notTaken,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: notTaken,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
};
