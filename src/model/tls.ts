// Certificates by the paths of their PEM files.

/** PEM files of a director as it asks its peers; never one of `certificate` and `key` alone. */
export interface PeerTls {
  /** Who may have signed the peers' certificates. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** PEM files of the HTTP API. */
export interface HttpTls {
  readonly certificate: string;
  readonly key: string;
  /** Who may have signed clients' certificates; undefined asks for none. */
  readonly clientCa: string | undefined;
  /** Whether a client without one is heard. */
  readonly clientCertificate: 'optional' | 'required';
}
