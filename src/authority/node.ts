// A name that we own, and what stands there.

import type { RRset } from '../model/message.ts';
import type { Service, Zone } from '../model/settings.ts';

/** One name with its record sets; an empty non-terminal has none (RFC 8020). */
export interface Node {
  readonly zone: Zone;
  readonly sets: ReadonlyMap<number, RRset>;
  readonly service: Service | undefined;
  /** The delegation that this name is, or lies below: others answer for it (RFC 1034 §4.2.1). */
  readonly cut: Node | undefined;
  /** Made for one question: it is not the same object at the next, so nothing is worth keeping by it. */
  readonly isPassing: boolean;
}
