/**
 * Where a collapsed Gaussian's kernels find things. Addresses count whole words of 32 bits or whole numbers of 64, from the
 * start of the memory. The same file is read by TypeScript and by AssemblyScript.
 *
 * A frame is what one call works on, in words: the addresses of the entries (words) and their count; of 1/σ² by group, of tau by term; the
 * intercept's term; how many coefficients are shared, S, and the addresses of their precision (S × S; the lower triangle is summed up), of
 * their right-hand side and then posterior mean, and of their covariance; of the scores by group and by term; of three results (the
 * determinant of all that was eliminated as a number and a power of two, and the quadratic form); of scratch room; and of what a draw needs.
 */
export const ENTRIES = 0;
export const GROUPS = 1;
export const INVERSE_VARIANCE = 2;
export const TAU = 3;
export const INTERCEPT_TERM = 4;
export const SHARED_COUNT = 5;
export const SHARED_PRECISION = 6;
export const SHARED_MEAN = 7;
export const SHARED_COVARIANCE = 8;
export const SCALE_SCORE = 9;
export const TAU_SCORE = 10;
export const RESULTS = 11;
/** Scratch for the group at hand: H, (n + 1)²; a row of s; L⁻¹, k²; its part of the covariance, s²; a vector of k; a vector of s. */
export const INFORMATION = 12;
export const ROW = 13;
export const INVERSE = 14;
export const DOUBLED = 15;
export const LOCAL = 16;
export const VECTOR = 17;
/** Normals, S and then k + 1 a group; the drawn deviations of the shared coefficients from their means, S; what was drawn, n slopes and an intercept a group. */
export const NOISE = 18;
export const DEVIATION = 19;
export const DRAWN = 20;
export const FRAME = 21;

/** Results. */
export const DETERMINANT = 0;
export const EXPONENT = 1;
export const QUADRATIC = 2;

/**
 * A group's entry: n slopes, k locals, s shared coefficients that matter to it, what its intercept is. Then addresses of numbers: its
 * scalars; of n numbers x̄, the cross-products of x with the residuals at q0, the gap between the
 * group's first fit and q0, the cross-products with the residuals at the fit, and the constant part q0 of the locations; of n + 1 the posterior mean of q − q0; X'X, n × n; of k the constant sds
 * (NaN: tau), the sds at hand, the means of z; the Cholesky factor L, k × k; of s the sds and the right-hand side of the Schur complement;
 * L⁻¹B, k × s; the Schur share, s × s. Then addresses of words: of k the slope, the term, and whether the prior is proper; of s the shared
 * coefficient and the coordinate that it moves (a slope, or n for the intercept's location).
 */
export const N = 0;
export const K = 1;
export const S = 2;
export const ROLE = 3;
export const SCALARS = 4;
export const MEAN_X = 5;
export const XY = 6;
export const GAP = 7;
export const RESIDUAL_XY = 8;
export const LOCATION = 9;
export const DELTA = 10;
export const XX = 11;
export const OWN_SD = 12;
export const SD = 13;
export const Z = 14;
export const FACTOR = 15;
export const SHARED_SD = 16;
export const RIGHT = 17;
export const BORDER = 18;
export const SCHUR = 19;
export const SLOPE = 20;
export const TERM = 21;
export const PROPER = 22;
export const SHARED = 23;
export const COORDINATE = 24;
export const ENTRY = 25;

/** What a local intercept needs: nothing (absent or shared), a proper prior, or a flat one. */
export const ROLE_NONE = 0;
export const ROLE_PROPER = 1;
export const ROLE_FLAT = 2;

/**
 * Scalars of a group: its weight W, the residuals' mean at q0, less the intercept's location, their sum of squares at the first fit, the
 * intercept's constant sd (NaN: tau) and location, and the residuals' mean at the first fit; and of the solution the intercept's sd, the factor f = 1 + sd² W/σ², κ (what ȳ − x̄·w − m is worth), ȳ − x̄·w − m at the posterior mean, and
 * the residual sum of squares about the group's means there.
 */
export const WEIGHT = 0;
export const RESIDUAL_MEAN = 1;
export const FIT_SQUARES = 2;
export const INTERCEPT_OWN_SD = 3;
export const INTERCEPT_LOCATION = 4;
export const FIT_MEAN = 5;
export const INTERCEPT_SD = 6;
export const INTERCEPT_FACTOR = 7;
export const KAPPA = 8;
export const RESIDUAL = 9;
export const SQUARES = 10;
export const SCALARS_LENGTH = 11;
