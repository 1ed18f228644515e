/** R-hat and effective sample size of every parameter at a glance, with the limits that both should keep. */
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

export interface Converged {
  readonly name: string;
  /** `null` where it is not defined: a single chain, constant draws. */
  readonly rHat: number | null;
  /** The smaller of bulk and tail. */
  readonly ess: number;
}

export interface Limits {
  readonly rHat: number;
  readonly ess: number;
}

export const isOff = ({ rHat, ess }: Converged, limits: Limits): boolean => (rHat !== null && rHat > limits.rHat) || !(ess >= limits.ess);

const WITHIN = 'within the limits';
const OFF = 'over a limit';

/** A point a parameter: good ones lie to the right and low. Those whose R-hat is not defined lie at 1. */
export function convergenceChart(parameters: readonly Converged[], limits: Limits, theme: Theme, width: number): Chart {
  const rows: Row[] = parameters.flatMap((p) =>
    p.ess > 0 ? [{ name: p.name, ess: p.ess, rhat: p.rHat ?? 1, what: isOff(p, limits) ? OFF : WITHIN }] : [],
  );
  const some = rows.some((r) => r.what === OFF);
  const x = { type: 'quantitative', title: 'Effective sample size (log scale)', scale: { type: 'log', nice: false, padding: 12 } };
  const y = { type: 'quantitative', title: 'R-hat', scale: { zero: false }, axis: { format: '.3f' } };
  const kinds = { domain: [WITHIN, OFF] };
  const legend = some ? { title: null, orient: 'top' } : null;
  return {
    spec: {
      width: Math.max(80, width - 74),
      height: 200,
      layer: [
        {
          data: { name: 'ess' },
          mark: { type: 'rule', strokeDash: [4, 3], color: theme.foreground },
          encoding: { x: { field: 'ess', ...x } },
        },
        {
          data: { name: 'rhat' },
          mark: { type: 'rule', strokeDash: [4, 3], color: theme.foreground },
          encoding: { y: { field: 'rhat', ...y } },
        },
        {
          data: { name: 'parameters' },
          mark: { type: 'point', filled: true, cursor: 'pointer' },
          encoding: {
            x: { field: 'ess', ...x, axis: { tickCount: 5, grid: false } },
            y: { field: 'rhat', ...y },
            color: { field: 'what', type: 'nominal', scale: { ...kinds, range: [theme.accent, theme.bad] }, legend },
            shape: { field: 'what', type: 'nominal', scale: { ...kinds, range: ['circle', 'cross'] }, legend },
            size: { condition: { test: `datum.what === '${OFF}'`, value: 70 }, value: 28 },
            opacity: { value: theme.highContrast ? 1 : 0.7 },
            tooltip: [
              { field: 'name', title: 'Parameter' },
              { field: 'rhat', title: 'R-hat', format: '.4f' },
              { field: 'ess', title: 'Effective sample size', format: ',.0f' },
            ],
          },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['parameters', rows],
      ['ess', [{ ess: limits.ess }]],
      ['rhat', [{ rhat: limits.rHat }]],
    ]),
  };
}
