// The registry of faults: each has a stable code, a title, and the HTTP status it becomes.

import type { Refusal } from './safety.ts';

/** Where in a file a fault lies; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export const faultRegistry = {
  'config.read': { title: 'A configuration file cannot be read', status: 422 },
  'config.syntax': { title: 'A configuration file is not valid YAML', status: 422 },
  'config.shape': { title: 'A setting has the wrong shape', status: 422 },
  'config.unknown-key': { title: 'A setting is not known', status: 422 },
  'config.value': { title: 'A setting has a value that cannot work', status: 422 },
  'config.reference': { title: 'A setting names something that does not exist', status: 422 },
  'config.moves': { title: 'A change moves more clients than it may', status: 422 },
  'config.last-good': { title: 'The last good configuration cannot be used', status: 422 },
  'zone.syntax': { title: 'A master file cannot be read', status: 422 },
  'zone.value': { title: 'A zone holds what it cannot hold', status: 422 },
  'request.invalid': { title: 'The request is not valid', status: 400 },
  'request.unauthorized': { title: 'A token is needed', status: 401 },
  'request.forbidden': { title: 'This caller may not do this', status: 403 },
  'request.not-found': { title: 'There is nothing at this address', status: 404 },
  'request.method': { title: 'This address does not take this method', status: 405 },
  'request.timeout': { title: 'The request took too long to arrive', status: 408 },
  'request.precondition': { title: 'It is no longer as you hold it', status: 412 },
  'request.key-busy': { title: 'The same request is under way', status: 409 },
  'request.key-reused': { title: 'This key was used for something else', status: 422 },
  'request.too-large': { title: 'The request is too large', status: 413 },
  'request.not-acceptable': { title: 'It is not to be had in that form', status: 406 },
  'request.media-type': { title: 'This media type is not taken', status: 415 },
  'request.too-many': { title: 'Too many requests', status: 429 },
  'request.no-room': { title: 'There is no room for another who waits', status: 503 },
  'service.unknown': { title: 'No steered service has this name', status: 404 },
  'region.unknown': { title: 'No region has this id', status: 404 },
  'region.no-target': { title: 'No region can be chosen', status: 503 },
  'override.unknown': { title: 'No override has this id', status: 404 },
  'override.outdone': { title: 'A later override of the same is known', status: 409 },
  'safety.refused': { title: 'A safety rule stands against this change', status: 409 },
  'override.full': { title: 'There is no room for another override', status: 503 },
  'drill.unknown': { title: 'No drill has this id', status: 404 },
  'drill.busy': { title: 'Another drill is under way', status: 409 },
  'drill.refused': { title: 'A drill cannot begin now', status: 409 },
  'report.unknown': { title: 'No push probe has this name', status: 404 },
  'load.unset': { title: 'Nothing is set for the load of this region', status: 404 },
  'report.full': { title: 'There is no room for another report', status: 503 },
  'director.unreachable': { title: 'The director does not answer', status: 503 },
  'director.internal': { title: 'The director made a mistake', status: 500 },
  'geo.unavailable': { title: 'GeoIP data is not available', status: 503 },
  'board.unreachable': { title: 'A board cannot be reached', status: 503 },
  'disk.write': { title: 'State cannot be written to disk', status: 503 },
  'disk.read': { title: 'State on disk cannot be used', status: 503 },
  'tls.unusable': { title: 'A certificate or its key cannot be used', status: 503 },
  'listen.failed': { title: 'An address cannot be listened on', status: 503 },
} as const;

export type FaultCode = keyof typeof faultRegistry;

/** A fault as a value: what was tried, what was found, what is wanted; no final full stop. */
export interface Fault {
  readonly code: FaultCode;
  readonly message: string;
  /** The field or setting at fault, such as `/zones/0/ttl`. */
  readonly path?: string | undefined;
  readonly position?: SourcePosition | undefined;
  /** What the director that refused calls the request. */
  readonly request?: string | undefined;
  /** What each safety rule says, where those refuse. */
  readonly rules?: readonly Refusal[] | undefined;
}

/** Either a value or every fault that stands in its way. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** One line for people: `file:line:column: message (code)`. */
export function formatFault(fault: Fault): string {
  const { position } = fault;
  const where =
    position === undefined ? '' : `${position.file}:${position.line}:${position.column}: `;
  const path = fault.path === undefined || fault.path === '' ? '' : `${fault.path}: `;
  const request = fault.request === undefined ? '' : `, request ${fault.request}`;
  return `${where}${path}${fault.message} (${fault.code}${request})`;
}

/** A fault on its way up through code that can only throw: the edge's start-up and HTTP routes. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(formatFault(fault), { cause });
    this.name = 'FaultError';
    this.fault = fault;
  }
}
