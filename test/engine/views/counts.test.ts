import { describe, expect, it } from 'vitest';
import { answerView } from '../../../engine/views/answer.ts';
import type { ViewState } from '../../../engine/views/state.ts';
import type { ViewOf, ViewRequest } from '../../../protocol/views.ts';
import { counts, manufacturing } from './fixture.ts';

const fit = manufacturing();
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function ask<R extends ViewRequest>(request: R, state: ViewState = fit): ViewOf<R['kind']> {
  return answerView(request, state, { fit: 'f', title: 'this' }, () => undefined) as ViewOf<R['kind']>;
}

describe('counts', () => {
  it('a rootogram holds every row once, observed and replicated', () => {
    const { rootogram, rows } = ask({ kind: 'rootogram', group: null }, counts());
    expect(rows).toEqual({ shown: 400, used: 400 });
    expect(sum([...rootogram!.observed])).toBe(400);
    expect(sum([...rootogram!.expected])).toBeCloseTo(400, 6);
    const inside = rootogram!.observed.filter((o, k) => o >= rootogram!.lower[k] && o <= rootogram!.upper[k]).length;
    expect(inside / rootogram!.observed.length).toBeGreaterThan(0.75);
  });
  it('a rootogram of one group has its rows only', () => {
    const { rootogram } = ask({ kind: 'rootogram', group: 'few' }, counts());
    expect(sum([...rootogram!.observed])).toBe(200);
  });
  it('what the priors say is shown over the range of the data', () => {
    const state = counts();
    const wide = { ...state, draws: { ...state.draws, values: state.draws.values.map((v) => v + 4) } };
    const prior = { ...wide, report: { ...wide.report, method: 'prior' as const } };
    const end = (s: ViewState): number => {
      const { lower, width, observed } = ask({ kind: 'observed_predicted', width: null, group: null }, s);
      return lower + width * observed.length;
    };
    const most = state.data.rows.y.reduce((a, b) => Math.max(a, b));
    expect(end(wide)).toBeGreaterThan(100);
    expect(end(prior)).toBeLessThanOrEqual(most + 2);
  });
  it('there is none of a response that is no count', () => {
    expect(ask({ kind: 'rootogram', group: null }).rootogram).toBeNull();
  });
  it('test statistics are those of the group, with zeros for counts only', () => {
    const view = ask({ kind: 'statistics', group: 'few' }, counts());
    expect(view.statistics.map((s) => s.name)).toEqual(['mean', 'sd', 'min', 'max', 'zeros']);
    expect(view.statistics[0].observed).toBeGreaterThan(0.6);
    expect(view.statistics[0].observed).toBeLessThan(1.4);
    expect(view.statistics[0].p).toBeGreaterThan(0.01);
    expect(view.statistics[0].p).toBeLessThan(0.99);
    const many = ask({ kind: 'statistics', group: 'many' }, counts());
    expect(many.statistics[0].observed).toBeGreaterThan(6);
    expect(ask({ kind: 'statistics', group: 'Product_Group_1' }).statistics.map((s) => s.name)).not.toContain('zeros');
  });
});
