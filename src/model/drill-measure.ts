// What one director measures of a drill from its own answers: small enough to go with its votes.

/** Seconds after a step began at which is told how many networks had asked again. */
export const curveMoments: readonly number[] = [
  0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60,
  75, 90, 105, 120, 150, 180, 210, 240, 300, 360, 420, 480, 600, 900, 1200, 1800, 2700, 3600, 7200,
  14_400, 28_800, 86_400,
];

/** Upper ends of the bins of times to return, in TTLs; whatever is longer is in one bin more. */
export const returnBins: readonly number[] = [0.5, 1.1, 1.5, 2, 3, 5, 10];

/** Who returns after more TTLs than this is late: a resolver that asks a little after the end is not. */
export const lateTtls = 1.5;

/** Spans are seconds since the word of the step began, by this director's clock. */
export interface StepMeasure {
  /** Of all of the region's client networks, as planned; tells the steps of a drill apart. */
  readonly share: number;
  /** Until this director had the word. */
  readonly heard: number;
  /** Networks whose last answer named the region when the step began; one counts once for each service that it asks for. */
  readonly networks: number;
  /** How many of them asked again, were answered with another region, and should have been. */
  readonly asked: number;
  readonly moved: number;
  readonly due: number;
  /** Until the first of them moved; null when none did. */
  readonly firstMoved: number | null;
  /** Until that share of them, in percent, had asked again; null when they did not. */
  readonly askedAgain: Readonly<Record<'50' | '90' | '99', number | null>>;
  /** How many had asked again by each of `curveMoments`, as far as the step lasted. */
  readonly curve: readonly number[];
}

/**
 * Times from one answer to the next of one resolver for one network and service, while the drill
 * lasted. A resolver that returns after its TTL has held the answer for longer, or none of its
 * clients asked meanwhile: one time cannot tell, and a resolver that is late always says more.
 */
export interface ReturnMeasure {
  /** The longest TTL that answers had, in seconds. */
  readonly ttl: number;
  /** Pairs of a resolver and a client network that returned at least once. */
  readonly pairs: number;
  /** Returns by `returnBins`. */
  readonly counts: readonly number[];
  /** Pairs that returned at least twice, and never before `lateTtls`. */
  readonly late: number;
  /** Pairs whose last answer ended more than half a TTL ago when this was told. */
  readonly silent: number;
}

export interface DrillMeasure {
  /** The drill's id. */
  readonly drill: string;
  readonly steps: readonly StepMeasure[];
  readonly returns: ReturnMeasure;
  /** Answers to networks that there was no room for. */
  readonly unnoted: number;
}
