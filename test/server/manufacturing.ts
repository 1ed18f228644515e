/** A small version of the reference problem: two groups, the third covariate absent from the first. */

export const SPEC = `{
  "$schema": "./hmask.schema.json",
  "data": "manufacturing.csv",
  "response": "Production_Speed",
  "group": "Product_Group",
  "covariates": ["Feed_Speed", "Pull_Acceleration", "Cutting_Wait_Time"],
  "mask": {
    "Product_Group_1": [1, 1, 0], // Cutting_Wait_Time does not exist for this group
    "Product_Group_2": [1, 1, 1]
  },
  "family": "gaussian",
  "priors": { "intercept": "normal(0, 5)", "weights": "normal(0, 5)", "scale": "half_normal(5)" },
  "sampler": { "chains": 4, "warmup": 200, "draws": 300, "seed": 42 },
  "predictions": [
    { "group": "Product_Group_1", "at": { "Feed_Speed": 3, "Pull_Acceleration": 2 } },
    { "group": "Product_Group_2", "at": { "Feed_Speed": 3, "Pull_Acceleration": 2, "Cutting_Wait_Time": 1.5 } }
  ]
}
`;

/** Rows from a small generator, the same every time. */
export function manufacturingCsv(rows = 60): string {
  let state = 12345;
  const uniform = (low: number, high: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  };
  const lines = Array.from({ length: rows }, (_, i) => {
    const [feed, pull, wait] = [uniform(1, 10), uniform(0.5, 5), uniform(0.1, 2)];
    const noise = uniform(-0.8, 0.8);
    const first = i < rows / 2;
    const speed = first ? 2.5 * feed + 3 * pull + noise : feed + 0.5 * pull + 3 * wait + noise;
    const cells = [feed, pull, ...(first ? [] : [wait])].map((x) => x.toFixed(3));
    return [`Product_Group_${first ? 1 : 2}`, ...cells, ...(first ? [''] : []), speed.toFixed(3)].join(',');
  });
  return `Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time,Production_Speed\n${lines.join('\n')}\n`;
}
