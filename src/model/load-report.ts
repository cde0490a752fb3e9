// What is asked and answered about the load of regions, as plain data.

/** How busy a region says that it is: at least one amount. */
export interface LoadRequest {
  /** Share of its capacity; 1 is full. */
  readonly load?: number;
  readonly connections?: number;
  /** Of a second. */
  readonly requests?: number;
  /** How long it speaks: a span with its unit, at most the region's lifetime, which is the default. */
  readonly for?: string;
}

/** A report as it was taken in. */
export interface LoadReceipt {
  readonly region: string;
  /** The greatest share that any of the amounts comes to; null where none has a capacity to be one of. */
  readonly load: number | null;
  readonly connections: number | null;
  readonly leftSeconds: number;
  /** On how many boards it stands. */
  readonly posted: number;
}

/** What the fleet knows of one region's load. */
export interface LoadFacts {
  readonly region: string;
  /** Share of capacity; 1 is full. Null where nobody says. */
  readonly load: number | null;
  readonly connections: number | null;
  /**
   * Whose word it is: the region's own report, those of its applications, or what observers were
   * told; null where there is none.
   */
  readonly source: 'report' | 'applications' | 'probes' | null;
  readonly ageSeconds: number | null;
  /** Share of client networks, 0 to 1, that is moved on to the next region. */
  readonly shed: number;
}
