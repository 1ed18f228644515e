import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Design } from '../../../core/design/design.ts';
import { diagramOf, distributionLines, quoteDot } from '../../../core/design/diagram.ts';
import { formulasOf } from '../../../core/design/notation.ts';
import { manufacturing, manyGroups } from '../../engine/views/fixture.ts';

let graphviz: Graphviz;
beforeAll(async () => {
  graphviz = await Graphviz.load();
});

/** The nodes' and plates' labels as Graphviz draws them. */
const textsOf = (dot: string): string[] =>
  [...graphviz.layout(dot, 'svg', 'dot').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

const reference = manufacturing().design;

describe('diagramOf', () => {
  it('draws the reference problem as NumPyro does: three plates, five nodes, the distributions beside', () => {
    const dot = diagramOf(reference, 500);
    expect(textsOf(dot)).toEqual(
      expect.arrayContaining([
        'config: 2 groups',
        'param: 3 covariates',
        'data: 500 rows',
        'alpha',
        'w',
        'scale',
        'mu',
        'Production_Speed',
        'alpha ~ Normal(0, 5)',
        'w ~ Normal(0, 5)',
        'scale ~ HalfNormal(5)',
        'Production_Speed ~ Normal(mu, scale)',
      ]),
    );
    expect([...dot.matchAll(/(\w+) -> (\w+)/g)].map(([edge]) => edge)).toEqual(['alpha -> mu', 'w -> mu', 'mu -> obs', 'scale -> obs']);
  });

  it('puts what groups share under partial pooling outside their plate', () => {
    const dot = diagramOf(manyGroups(4, 2).design, 20);
    expect(dot).toContain('mu_w -> w');
    expect(dot).toContain('tau_alpha -> alpha');
    expect(textsOf(dot).filter((t) => t.startsWith('param'))).toHaveLength(2);
  });

  it('tells terms of different pooling apart', () => {
    const terms = reference.terms.map((t, i) => (i === 1 ? { ...t, pooling: 'complete' as const } : t));
    const dot = diagramOf({ ...reference, terms }, 1);
    expect(textsOf(dot)).toEqual(expect.arrayContaining(['w (none)', 'w (complete)', 'data: 1 row']));
  });

  it.each(['"]; evil [label="x', '\\', 'a\\N\\lb', '<b>&amp;</b>', 'a\nb', '}\nsubgraph {', 'ü ✓'])(
    'shows the response %j as text',
    (column) => {
      const design: Design = { ...reference, response: { ...reference.response, column } };
      const texts = textsOf(diagramOf(design, 3)).map((t) =>
        t
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&quot;/g, '"')
          .replace(/&#45;/g, '-')
          .replace(/&amp;/g, '&'),
      );
      expect(texts).toContain(column.replace(/\n/g, ' '));
    },
  );
});

describe('quoteDot', () => {
  it.each([
    ['plain', '"plain"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['a & b', '"a &amp; b"'],
    ['tab\there', '"tab here"'],
  ])('%j', (text, quoted) => {
    expect(quoteDot(text)).toBe(quoted);
  });
});

describe('distributionLines', () => {
  it('has one line a term where priors differ', () => {
    const terms = reference.terms.map((t, i) => (i === 2 ? { ...t, prior: { dist: 'student_t' as const, args: [3, 0, 1] } } : t));
    expect(distributionLines({ ...reference, terms })).toEqual(
      expect.arrayContaining(['w[Feed_Speed] ~ Normal(0, 5)', 'w[Pull_Acceleration] ~ StudentT(3, 0, 1)']),
    );
  });
  it('says what is fixed', () => {
    expect(distributionLines({ ...reference, scale: { prior: { fixed: 2 }, by: 'all', auto: false } })).toContain('scale = 2');
  });
});

describe('formulasOf', () => {
  it('writes the reference problem, with the mask where it matters', () => {
    expect(formulasOf(reference).join('\n')).toBe(
      `alpha[g] ~ Normal(0, 5)
w[Feed_Speed, g] ~ Normal(0, 5)
w[Pull_Acceleration, g] ~ Normal(0, 5)
w[Cutting_Wait_Time, g] ~ Normal(0, 5)
scale ~ HalfNormal(5)
mu[i] = alpha[g(i)]
      + w[Feed_Speed, g(i)] · Feed_Speed[i]
      + w[Pull_Acceleration, g(i)] · Pull_Acceleration[i]
      + m[g(i)] · w[Cutting_Wait_Time, g(i)] · Cutting_Wait_Time[i]
Production_Speed[i] ~ Normal(mu[i], scale)`,
    );
  });
  it.each<[Partial<Design>, string]>([
    [{ family: 'bernoulli', scale: null }, 'Production_Speed[i] ~ Bernoulli(p[i])'],
    [{ family: 'binomial', scale: null, response: { ...reference.response, trials: 'n' } }, 'Production_Speed[i] ~ Binomial(n[i], p[i])'],
    [{ family: 'poisson', scale: null, response: { ...reference.response, exposure: 't' } }, '+ log(t[i])'],
    [{ response: { ...reference.response, transform: 'log' } }, 'log(Production_Speed)[i] ~ Normal(mu[i], scale)'],
    [{ response: { ...reference.response, se: 'err' }, scale: null }, 'Production_Speed[i] ~ Normal(mu[i], err[i])'],
    [{ terms: [] }, 'mu[i] = 0'],
  ])('%j', (change, line) => {
    expect(formulasOf({ ...reference, ...change }).join('\n')).toContain(line);
  });
});
