// A token of the HTTP API: what shows that a request is its holder's, and what that may do.

export type Token = BearerToken | CertificateToken;

/** As a digest: who holds it is not known. */
export interface BearerToken extends Right {
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
}

/** A client certificate stands for it. */
export interface CertificateToken extends Right {
  readonly certificate: CertificateMark;
}

/** What the certificate must have: a digest of its DER octets (hex), or one of its alternative names. */
export interface CertificateMark {
  readonly kind: 'sha256' | 'uri' | 'dns';
  /** In small letters, but for URIs. */
  readonly value: string;
}

interface Right {
  readonly scope: 'read' | 'operate';
  /** What the audit log calls it; left out, what it is known by. */
  readonly name?: string | undefined;
}
