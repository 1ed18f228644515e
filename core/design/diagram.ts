/**
 * The plate diagram of a model as Graphviz DOT, laid out as NumPyro's `render_model(render_distributions=True)` does:
 * plates `config` (groups), `param` (covariates) and `data` (rows), circles for what is sampled, dashed for what is computed,
 * grey for what is observed, and the distributions beside.
 */
import type { Design, Term } from './design.ts';
import { distributionText, likelihoodText, responseText, statement } from './notation.ts';
import { isFixed } from './priors.ts';

/** Text inside a DOT string: quotes and backslashes are escaped, `&` would start an entity, line ends would break the line. */
export function quoteDot(text: string): string {
  const safe = text
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/&/g, '&amp;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: column names may hold any character
    .replace(/[\u0000-\u001f]/g, ' ');
  return `"${safe}"`;
}

/** A wide one that Graphviz knows the widths of: text drawn in another then still fits its node. */
const FONT = 'DejaVu Sans';

const LONGEST_NAME = 40;
const shorten = (name: string): string => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

type Place = 'free' | 'config' | 'param' | 'config_param';

interface Node {
  readonly id: string;
  readonly label: string;
  readonly place: Place;
  /** What it depends on. */
  readonly parents: readonly string[];
  readonly style: 'sampled' | 'fixed';
}

/** The nodes of one set of terms that share kind and pooling, and therefore plates. */
function termNodes(terms: readonly Term[], several: boolean): Node[] {
  const { kind, pooling } = terms[0];
  const slope = kind === 'slope';
  const base = slope ? 'w' : 'alpha';
  const id = several ? `${base}_${pooling}` : base;
  const label = several ? `${base} (${pooling})` : base;
  const fixed = (p: Term['prior']): Node['style'] => (terms.length === 1 && isFixed(p) ? 'fixed' : 'sampled');
  if (pooling !== 'partial') {
    const own = pooling === 'none';
    const place: Place = slope ? (own ? 'config_param' : 'param') : own ? 'config' : 'free';
    return [{ id, label, place, parents: [], style: fixed(terms[0].prior) }];
  }
  const above: Place = slope ? 'param' : 'free';
  return [
    { id: `mu_${base}`, label: `mu_${base}`, place: above, parents: [], style: fixed(terms[0].prior) },
    { id: `tau_${base}`, label: `tau_${base}`, place: above, parents: [], style: 'sampled' },
    { id, label, place: slope ? 'config_param' : 'config', parents: [`mu_${base}`, `tau_${base}`], style: 'sampled' },
  ];
}

function coefficientNodes(design: Design): Node[] {
  const nodes: Node[] = [];
  for (const kind of ['intercept', 'slope'] as const) {
    const own = design.terms.filter((t) => t.kind === kind);
    const poolings = (['none', 'partial', 'complete'] as const).filter((p) => own.some((t) => t.pooling === p));
    for (const p of poolings)
      nodes.push(
        ...termNodes(
          own.filter((t) => t.pooling === p),
          poolings.length > 1,
        ),
      );
  }
  return nodes;
}

/** Lines beside the picture: one a kind of parameter when all its terms share a prior, else one a term. */
export function distributionLines(design: Design): string[] {
  const lines: string[] = [];
  for (const kind of ['intercept', 'slope'] as const) {
    const own = design.terms.filter((t) => t.kind === kind);
    const same = own.every((t) => t.pooling === own[0].pooling && priorKey(t) === priorKey(own[0]));
    for (const term of same ? own.slice(0, 1) : own) {
      const base = kind === 'intercept' ? 'alpha' : same ? 'w' : `w[${shorten(term.name)}]`;
      if (term.pooling !== 'partial') lines.push(statement(base, term.prior));
      else {
        lines.push(statement(`mu_${base}`, term.prior));
        if (term.sd) lines.push(statement(`tau_${base}`, term.sd));
        lines.push(`${base} ~ Normal(mu_${base}, tau_${base})`);
      }
    }
  }
  if (design.scale) lines.push(statement('scale', design.scale.prior));
  for (const { key, prior } of design.own) lines.push(statement(key, prior));
  lines.push(
    'mu = Deterministic',
    `${shorten(responseText(design))} ~ ${likelihoodText(design).replace(/\[(?:i|g\(i\))\]/g, '')}`.replace(/\b(?:p|lambda)\b/, 'mu'),
  );
  return lines;
}

const priorKey = (t: Term): string => `${distributionText(t.prior)} ${t.sd ? distributionText(t.sd) : ''}`;

const drawNode = ({ id, label, style }: Node): string =>
  `${id} [label=${quoteDot(label)} shape=ellipse style="${style === 'fixed' ? 'dashed,filled' : 'filled'}" fillcolor=white]`;

function cluster(name: string, label: string, body: readonly string[]): string[] {
  return [
    `subgraph cluster_${name} {`,
    ...[`label=${quoteDot(label)} labeljust=${name === 'data' ? 'r labelloc=b' : 'l labelloc=t'}`, ...body].map((line) => `  ${line}`),
    '}',
  ];
}

const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;

/** @param rows Rows used, for the label of the data plate. */
export function diagramOf(design: Design, rows: number): string {
  const nodes = coefficientNodes(design);
  const scalars: Node[] = [];
  const free = (id: string, fixed: boolean): Node => ({ id, label: id, place: 'free', parents: [], style: fixed ? 'fixed' : 'sampled' });
  if (design.scale) scalars.push({ ...free('scale', isFixed(design.scale.prior)), place: design.scale.by === 'group' ? 'config' : 'free' });
  for (const { key, prior } of design.own) scalars.push(free(key, isFixed(prior)));
  const all = [...nodes, ...scalars];
  const at = (place: Place): string[] => all.filter((n) => n.place === place).map(drawNode);
  const slopes = design.terms.filter((t) => t.kind === 'slope').length;
  const param = `param: ${count(slopes, 'covariate')}`;
  const inner = at('config_param');
  const config = [...at('config'), ...(inner.length > 0 ? cluster('config_param', param, inner) : [])];
  const lines = [
    ...at('free'),
    ...(at('param').length > 0 ? cluster('param', param, at('param')) : []),
    ...(config.length > 0 ? cluster('config', `config: ${count(design.groups.length, 'group')}`, config) : []),
    ...cluster('data', `data: ${count(rows, 'row')}`, [
      'mu [label="mu" shape=ellipse style="dashed,filled" fillcolor=white]',
      `obs [label=${quoteDot(shorten(responseText(design)))} shape=ellipse style=filled fillcolor=grey]`,
    ]),
    ...all.flatMap((n) => n.parents.map((p) => `${p} -> ${n.id}`)),
    ...nodes.filter((n) => !/^(?:mu|tau)_/.test(n.id)).map((n) => `${n.id} -> mu`),
    'mu -> obs',
    ...scalars.map((n) => `${n.id} -> obs`),
    // A newline in DOT, left-aligned.
    `distributions [shape=plaintext label=${distributionLabel(design)}]`,
  ];
  return ['digraph {', `  graph [fontname="${FONT}"]`, `  node [fontname="${FONT}"]`, ...lines.map((l) => `  ${l}`), '}', ''].join('\n');
}

function distributionLabel(design: Design): string {
  const lines = distributionLines(design);
  const shown = lines.length > 24 ? [...lines.slice(0, 20), `… ${lines.length - 23} more`, ...lines.slice(-3)] : lines;
  return `"${shown.map((line) => quoteDot(line).slice(1, -1)).join('\\l')}\\l"`;
}
