/** A draw among all draws of all chains: what is random about it follows from these. */
export interface DrawPlace {
  /** A whole number of up to 2⁵³ − 1. */
  readonly seed: number;
  /** One a chain. */
  readonly stream: number;
  /** Counts from 0. */
  readonly draw: number;
}
