/** A made-up problem of five plants, for what the reference problem lacks: partial pooling, a text column, cells that are missing. */

const NORMAL = 12;

/** A stream of numbers about normal, the same every time: sums of a linear congruential generator. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  return () => Array.from({ length: NORMAL }, uniform).reduce((a, b) => a + b, -NORMAL / 2);
}

const PLANTS = ['Aalborg', 'Brno', 'Cork', 'Dresden', 'Espoo'];

/** Rows of plant, temperature, pressure, coating (which Brno does not have), yield. */
export function plantsCsv(count = 300): string {
  const z = normals(7);
  const rows = Array.from({ length: count }, (_, i) => {
    const p = i % PLANTS.length;
    const temperature = 60 + 8 * z();
    const pressure = 2 + 0.3 * z();
    const coating = 1 + 0.2 * z();
    const speed = 20 + 3 * p + (0.4 + 0.05 * p) * temperature - 2 * pressure + (p === 1 ? 0 : 4 * coating) + 2 * z();
    const cells = [
      PLANTS[p],
      temperature.toFixed(2),
      i === 33 ? '' : pressure.toFixed(3),
      p === 1 ? '' : coating.toFixed(3),
      speed.toFixed(2),
    ];
    return cells.join(',');
  });
  return ['Plant,Temperature,Pressure,Coating,Yield', ...rows].join('\n') + '\n';
}

/** Partial pooling of everything, or none. */
export function plantsSpec(pooling: 'partial' | 'none'): string {
  return JSON.stringify(
    {
      data: 'plants.csv',
      response: 'Yield',
      group: 'Plant',
      covariates: ['Temperature', 'Pressure', 'Coating'],
      pooling,
      missing: 'drop',
      sampler: { chains: 4, warmup: 200, draws: 1000, seed: 42 },
      predictions: [
        { name: 'Hot', group: 'Cork', at: { Temperature: 75, Pressure: 2, Coating: 1 } },
        { group: 'Brno', at: { Temperature: 60, Pressure: 2, Coating: 1 } },
      ],
    },
    null,
    2,
  );
}

/** 200 rows: plant, hours, faults, of which longer hours have more. */
export function countsCsv(): string {
  const z = normals(11);
  const rows = Array.from({ length: 200 }, (_, i) => {
    const p = i % PLANTS.length;
    const hours = 8 + z();
    const faults = Math.max(0, Math.round(p + 0.5 * hours + Math.sqrt(p + 4) * z()));
    return [PLANTS[p], hours.toFixed(2), faults].join(',');
  });
  return ['Plant,Hours,Faults', ...rows].join('\n') + '\n';
}

/** Counts, partially pooled. */
export function countsSpec(): string {
  return JSON.stringify(
    {
      data: 'counts.csv',
      response: 'Faults',
      group: 'Plant',
      covariates: ['Hours'],
      family: 'poisson',
      pooling: 'partial',
      sampler: { chains: 4, warmup: 200, draws: 500, seed: 42 },
    },
    null,
    2,
  );
}
