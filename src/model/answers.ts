// What is told of how answers have moved.

/**
 * How answers have moved around a change: which region stood first in the steered answers that this
 * director gave over DNS, before it and after it.
 */
export interface AnswersChange {
  readonly type: 'answers';
  /** Ids of the events that fell into it, oldest first. */
  readonly causes: readonly string[];
  /** How many events there were beyond those. */
  readonly more?: number;
  readonly before: AnswerShares;
  readonly after: AnswerShares;
  /** Share of answers, 0 to 1, that name another region first; null where there were none on one side. */
  readonly moved?: number | null;
}

export interface AnswerShares {
  /** How long was counted. */
  readonly seconds: number;
  readonly answers: number;
  /** By region, 0 to 1; rounded to thousandths. */
  readonly shares: Readonly<Record<string, number>>;
}
