// A bearer token of the HTTP API, as a digest: who holds it is not known, only what it may do.

export interface Token {
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  readonly scope: 'read' | 'operate';
  /** What the audit log calls it; left out, the first digits of the digest. */
  readonly name?: string | undefined;
}
