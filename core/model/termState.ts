/** A term's shared values at a position. */
export interface TermState {
  /** The completely pooled coefficient, or mu. */
  value: number;
  /** Its derivative in its coordinate. */
  slope: number;
  /** Derivatives of mu and of log `slope` in log tau. */
  valueByTau: number;
  logSlopeByTau: number;
  /** Negative on the folded half of a folded tau: coefficients are smooth in it, and the densities of (tau, u) and (−tau, −u) are the same. */
  tau: number;
  /** d log |tau| / d its coordinate. */
  logTauSlope: number;
  /** Gradient of the log density in value and in log tau, gathered over cells. */
  gradient: number;
  tauGradient: number;
}
