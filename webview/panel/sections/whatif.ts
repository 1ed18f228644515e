/** Rows that nobody has seen: sliders with a live predictive histogram, saved scenarios, and effects of each covariate. */
import { html, nothing } from 'lit';
import type { InputRange } from '../../../protocol/views/whatif.ts';
import type { Scenario, Values, ViewOf } from '../../../protocol/views.ts';
import { conditionalChart } from '../../charts/curves.ts';
import { predictiveChart } from '../../charts/histograms.ts';
import { intervalText, near, plural, probability, short } from '../../shared/format.ts';
import { inputRow, startOf } from '../../shared/input.ts';
import { pick } from '../../shared/pick.ts';
import { atText, ignoredText } from '../../shared/predictionsTable.ts';
import { number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { emptyState, figure } from '../parts.ts';
import { perChain } from './diagnostics.ts';

export const whatif: Section = { id: 'whatif', title: 'What-if', render };

const BINS = 50;
/** Groups with an effect curve each when none is picked. */
const MOST_CURVES = 6;

function render(app: FittedApp): unknown {
  const groups = app.structure.groups;
  const group = app.state.selection.group ?? groups.find((g) => g === app.choice<string>('whatif.group', groups[0])) ?? groups[0];
  const inputs = app.view({ kind: 'inputs', group }, 'inputs');
  if (inputs.value === null) return html`<p class="waiting">${inputs.error ?? 'Working it out…'}</p>`;
  const at = valuesOf(app, inputs.value.inputs);
  return html`${scenario(app, group, inputs.value.inputs, at)} ${scenarios(app, { name: null, group, at })} ${effects(app, group, inputs.value.inputs)}`;
}

const key = (name: string): string => `whatif.at.${name}`;

/** What is set for each covariate that the group has, kept inside its range. */
function valuesOf(app: FittedApp, inputs: readonly InputRange[]): Values {
  return inputs.flatMap((input) => {
    if (input.masked !== null) return [];
    const value = app.choice<number | string>(key(input.name), startOf(input));
    return [[input.name, startOf(input, typeof value === 'number' ? Math.min(input.max, Math.max(input.min, value)) : value)] as const];
  });
}

function scenario(app: FittedApp, group: string, inputs: readonly InputRange[], at: Values): unknown {
  const known = new Map(at);
  const loaded = app.view({ kind: 'whatif', group, at, bins: BINS }, 'whatif');
  const response = app.structure.outcome;
  const now: Scenario = { name: null, group, at };
  const controls = html`${
    app.structure.groups.length < 2 || app.state.selection.group !== null
      ? nothing
      : pick({
          label: app.structure.groupColumn ?? 'Group',
          value: group,
          options: app.structure.groups.map((g) => ({ value: g, label: g })),
          picked: (g) => app.choose('whatif.group', g),
        })
  }
    <div class="sliders">${inputs.map((i) => inputRow(i, known.get(i.name), (name, value) => app.choose(key(name), value)))}</div>
    <vscode-button @click=${() => app.setScenarios([...app.state.scenarios, now])}>Keep this scenario</vscode-button>
    <vscode-button secondary @click=${() => app.post({ kind: 'add_prediction', scenario: now })}>Add to the spec</vscode-button>`;
  return figure<ViewOf<'whatif'>>(
    { ...loaded, waiting: false },
    {
      heading: `What if, in ${group}`,
      reading: ({ predictive: p, mu, ignored }) =>
        `${response} ${near(p.mean, p.sd)}; ${intervalText(app.report.interval)} interval ${near(p.lower, p.sd)} to ${near(p.upper, p.sd)}. Its mean alone: ${near(mu.mean, mu.sd)} ± ${near(mu.sd, mu.sd)}.${ignored.length > 0 ? ` ${ignoredText(ignored)}.` : ''}${p.note === undefined ? '' : ` ${p.note}`}`,
      draw: (v) => (theme, w) => predictiveChart(v.histogram, v.predictive, response, theme, w, 190),
      table: ({ predictive: p, mu }) =>
        perChain(['Mean', 'SD', 'Lower', 'Upper', 'mu', 'SD of mu'], [[p.mean, p.sd, p.lower, p.upper, mu.mean, mu.sd]]),
      controls,
    },
  );
}

const nameOf = (s: Scenario): string => `${s.name ?? s.group}: ${atText(s.at)}`;

function scenarios(app: FittedApp, now: Scenario): unknown {
  const kept = app.state.scenarios;
  if (kept.length === 0) return emptyState('Keep a scenario, then move the sliders: the two are compared here.');
  const remove = (i: number): void => app.setScenarios(kept.filter((_, k) => k !== i));
  const chosen = Math.min(kept.length - 1, Math.max(0, app.choice('whatif.against', kept.length - 1)));
  const loaded = app.view({ kind: 'scenarios', a: now, b: kept[chosen], bins: BINS }, 'scenarios');
  const options = kept.map((s, i) => ({ value: String(i), label: nameOf(s) }));
  return html`${figure(
    { ...loaded, waiting: false },
    {
      heading: 'Now against a kept scenario',
      reading: (v) =>
        `Now is ${near(v.difference.mean, v.difference.sd)} above; a new row now exceeds one of the other with a probability of ${probability(v.probability)}, its mean with ${probability(v.probabilityMu)}.`,
      draw:
        ({ histogram: h, difference }) =>
        (theme, w) =>
          predictiveChart(h, difference, 'Now − the kept scenario', theme, w, 160),
      table: (v): Table => ({
        columns: [
          { title: 'Which', share: 1.5 },
          { title: 'Mean', number: true },
          { title: 'SD', number: true },
          { title: 'Lower', number: true },
          { title: 'Upper', number: true },
        ],
        rows: (
          [
            ['Now', v.a],
            ['Kept', v.b],
            ['Difference', v.difference],
          ] as const
        ).map(([name, p]) => ({
          key: name,
          cells: [text(name), ...[p.mean, p.sd, p.lower, p.upper].map((x) => number(x, (y) => near(y, p.sd)))],
        })),
      }),
      controls: pick({ label: 'Against', value: String(chosen), options, picked: (v) => app.choose('whatif.against', Number(v)) }),
    },
  )}
    <ul class="scenarios" aria-label="Kept scenarios">
      ${kept.map(
        (s, i) => html`<li>
          <span title=${nameOf(s)}>${nameOf(s)}</span>
          <vscode-button secondary @click=${() => app.post({ kind: 'add_prediction', scenario: s })}>Add to the spec</vscode-button>
          <vscode-button secondary aria-label=${`Remove ${nameOf(s)}`} @click=${() => remove(i)}>Remove</vscode-button>
        </li>`,
      )}
    </ul>`;
}

function effects(app: FittedApp, group: string, inputs: readonly InputRange[]): unknown {
  const { structure } = app;
  const groups = app.state.selection.group !== null ? [group] : structure.groups.slice(0, MOST_CURVES);
  const left = structure.groups.length - groups.length;
  return inputs.flatMap(each).map((input) => {
    if (input.masked !== null && app.state.selection.group !== null) return html`<h2>Effect of ${input.name}</h2><p>${input.masked}</p>`;
    return figure(app.view({ kind: 'conditional', covariate: input.name, groups, at: [] }, `conditional.${input.name}`), {
      heading: `Effect of ${input.name}`,
      reading: (v) => {
        const masked = v.curves.filter((c) => c.masked).map((c) => c.group);
        const there = v.curves.filter((c) => !c.masked);
        const change = there.map((c) => `${c.group} ${short(c.mean[c.mean.length - 1] - c.mean[0])}`).join(', ');
        return `From the smallest to the largest value, the mean of ${structure.outcome} changes by: ${change || 'nothing'}.${masked.length > 0 ? ` Masked for ${masked.join(', ')}.` : ''}`;
      },
      note: () =>
        `Other covariates at their means in the group; bands are ${intervalText(app.report.interval)} intervals.${left > 0 && app.state.selection.group === null ? ` ${plural(left, 'more group')}: pick one above.` : ''}`,
      draw: (v) => (theme, w) =>
        conditionalChart(
          v,
          { covariate: input.name, response: structure.outcome, groups: structure.groups, groupTitle: structure.groupColumn },
          theme,
          w,
        ),
      table: (v) => {
        const there = v.curves.filter((c) => !c.masked);
        return perChain(
          ['Group no.', input.name, 'Mean', 'Lower', 'Upper'],
          there.flatMap((c) => Array.from(c.x, (x, i) => [structure.groups.indexOf(c.group) + 1, x, c.mean[i], c.lower[i], c.upper[i]])),
        );
      },
    });
  });
}

/** What has an effect of its own: a number, or each level but the reference. */
const each = (input: InputRange): readonly InputRange[] =>
  input.levels === null ? [input] : input.levels.slice(1).map((level) => ({ ...input, name: `${input.name}[${level}]` }));
