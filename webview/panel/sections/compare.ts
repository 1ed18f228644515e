/** Two or more fits side by side: how well each predicts, and what each estimates. */
import { html, nothing } from 'lit';
import { isMasked } from '../../../core/posterior/report.ts';
import type { ComparedFit, DiffLine, SpecChanges } from '../../../protocol/views/compare.ts';
import { elpdChart, movesChart, movesOf } from '../../charts/compared.ts';
import { near, percent, plural, short, upright } from '../../shared/format.ts';
import { masked, number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { scalarRows } from '../estimates.ts';
import { emptyState, figure, tableSection } from '../parts.ts';
import { backward } from '../specChanges.ts';

export const compare: Section = { id: 'compare', title: 'Compare', render };

/** Fits beside the one on show. */
const MOST_OTHERS = 4;

function render(app: FittedApp): unknown {
  const { fit, fits } = app.snapshot;
  const others = fits.filter((f) => f.fit !== fit).slice(0, MOST_OTHERS);
  if (others.length === 0)
    return emptyState('There is one fit only. Change the spec and fit again, or fit another one: both then stand here side by side.');
  const loaded = app.view({ kind: 'compare', others: others.map((f) => f.fit) });
  if (loaded.value === null) return html`<p class="waiting">${loaded.error ?? 'Working it out…'}</p>`;
  const titles = titlesOf(app, loaded.value.fits);
  return html`${predictiveFigure(loaded.value.fits, titles)} ${moves(app, loaded.value.fits, titles)} ${estimatesSideBySide(app, loaded.value.fits, titles)}
  ${specChanges(app, loaded.value.fits, titles)}`;
}

/** What the user calls each fit, numbered where two have the same name. */
function titlesOf(app: FittedApp, compared: readonly ComparedFit[]): string[] {
  const names = compared.map((f) => app.snapshot.fits.find((known) => known.fit === f.fit)?.title ?? f.title);
  return names.map((name, i) => (names.filter((n) => n === name).length > 1 ? `${name} (${i + 1})` : name));
}

function reading(fits: readonly ComparedFit[], titles: readonly string[]): string {
  const ranked = fits.map((f, i) => ({ f, title: titles[i] })).filter(({ f }) => f.difference !== null);
  if (ranked.length < 2) return 'These fits cannot be ranked: they have no leave-one-out, or not the same rows and response.';
  const [best, next] = ranked.sort((a, b) => b.f.difference!.elpd - a.f.difference!.elpd);
  const { elpd, se } = next.f.difference!;
  const clear = Math.abs(elpd) > 4 && Math.abs(elpd) > 2 * se;
  return `${best.title} predicts new rows ${clear ? 'better' : 'about as well'}: the next, ${next.title}, is ${short(Math.abs(elpd))} ± ${short(se)} behind in elpd.`;
}

function predictiveTable(fits: readonly ComparedFit[], titles: readonly string[]): Table {
  return {
    columns: [
      { title: 'Fit', share: 1.8 },
      { title: 'Method', share: 1.2 },
      { title: 'Elpd', share: 0.8, number: true, note: 'Expected log predictive density by leave-one-out: higher is better' },
      { title: 'SE', share: 0.7, number: true },
      { title: 'Difference', share: 1.2, number: true, note: 'Elpd against the best of these fits' },
      { title: 'SE of it', share: 0.9, number: true },
      { title: 'Weight', share: 0.9, number: true, note: 'Stacking weight' },
      { title: 'Trust', share: 0.8 },
    ],
    rows: fits.map((f, i) => ({
      key: f.fit,
      cells: [
        text(titles[i]),
        text(f.report.method),
        number(f.report.loo?.elpd, short),
        number(f.report.loo?.se, short),
        number(f.difference?.elpd, short),
        number(f.difference?.se, short),
        number(f.weight, (w) => (w === null ? '–' : percent(Math.round(1000 * w) / 1000))),
        f.report.verdict.trustworthy ? text('yes') : { ...text('see its Overview', 'bad'), title: f.report.verdict.headline },
      ],
    })),
  };
}

function predictiveFigure(fits: readonly ComparedFit[], titles: readonly string[]): unknown {
  const heading = 'Which predicts better';
  if (fits.filter((f) => f.difference !== null).length < 2)
    return tableSection(heading, reading(fits, titles), predictiveTable(fits, titles));
  return figure(
    { value: fits, error: null, waiting: false },
    {
      heading,
      reading: () => reading(fits, titles),
      note: () =>
        'Elpd is the expected log predictive density, each row left out in turn: further right is better. The table has weights and verdicts.',
      draw: () => (theme, w) => elpdChart(fits, titles, theme, w),
      table: () => predictiveTable(fits, titles),
    },
  );
}

/** Parameters in the picture of what moved. */
const MOST_MOVED = 20;

function moves(app: FittedApp, fits: readonly ComparedFit[], titles: readonly string[]): unknown {
  const all = movesOf(fits, titles, ofSelection(app));
  if (all.length === 0) return nothing;
  const names = [...new Set(all.map((m) => m.name))];
  const shown = new Set(names.slice(0, MOST_MOVED));
  const [first] = all.filter((m) => m.name === names[0]).sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const { prob } = app.report.interval;
  return figure(
    { value: fits, error: null, waiting: false },
    {
      heading: 'How far estimates lie apart',
      reading: () =>
        `The farthest is ${first.name}: in ${first.fit} its mean lies ${short(Math.abs(first.mean))} sds ${first.mean < 0 ? 'below' : 'above'} that of the fit on show.`,
      note: () =>
        `Points are means, lines ${percent(prob)} intervals; the band is the fit on show, one sd either way.${names.length > shown.size ? ` The ${shown.size} of ${plural(names.length, 'common parameter')} that moved most.` : ''}`,
      draw: () => (theme, w) =>
        movesChart(
          all.filter((m) => shown.has(m.name)),
          titles,
          theme,
          w,
        ),
      table: (): Table => ({
        columns: [
          { title: 'Parameter', share: 2.2 },
          { title: 'Fit', share: 1.8 },
          { title: 'Distance, in sds', number: true, share: 1.2 },
          { title: 'Lower', number: true },
          { title: 'Upper', number: true },
        ],
        rows: all.map((m) => ({
          key: `${m.name}\n${m.fit}`,
          cells: [text(m.name), text(m.fit), ...[m.mean, m.lower, m.upper].map((v) => number(v, short))],
        })),
      }),
      inputs: [app.state.selection.group],
    },
  );
}

/** Whether a parameter of any of the fits is of the picked group, or of all. */
function ofSelection({ report, structure, state }: FittedApp): (name: string) => boolean {
  const { group } = state.selection;
  if (group === null) return () => true;
  const known = new Map(scalarRows(report, structure).map((s) => [s.name, s.group]));
  return (name) => {
    const of = known.get(name);
    return of === undefined ? name.endsWith(`[${group}]`) || name.endsWith(`, ${group}]`) : of === null || of === group;
  };
}

function estimatesSideBySide(app: FittedApp, fits: readonly ComparedFit[], titles: readonly string[]): unknown {
  const summaries = fits.map((f) => new Map(f.report.parameters.map((p) => [p.name, p])));
  const here = ofSelection(app);
  const names = [...new Set(fits.flatMap((f) => f.report.parameters.map((p) => p.name)))].filter(here);
  const table: Table = {
    columns: [{ title: 'Parameter', share: 2.4 }, ...titles.map((title) => ({ title, number: true, share: 1.6 }))],
    rows: names.map((name) => ({
      key: name,
      cells: [
        text(name),
        ...summaries.map((of) => {
          const p = of.get(name);
          if (!p) return { text: 'not in it', tone: 'muted' as const, value: null };
          if (isMasked(p)) return masked;
          if (p.mean === null || p.sd === null)
            return { text: `median ${near(p.median, p.upper - p.lower)}`, value: p.median, title: p.note };
          return { text: `${near(p.mean, p.sd)} ± ${near(p.sd, p.sd)}`, value: p.mean };
        }),
      ],
    })),
  };
  return html`<section class="figure" aria-labelledby="compared-estimates">
    <header><h2 id="compared-estimates">Estimates side by side</h2></header>
    <p class="reading">Mean ± sd of ${plural(names.length, 'parameter')}.</p>
    <div class="wide">
      <hm-table
        .table=${table}
        .label=${'Estimates side by side'}
        .pickable=${true}
        .picked=${app.state.selection.parameter}
        @hm-pick=${(e: CustomEvent<string>) => app.selectParameter(e.detail)}
      ></hm-table>
    </div>
  </section>`;
}

/** What the user changed since an earlier fit reads forward in time; another spec is set against the one on show. */
function specChanges(app: FittedApp, fits: readonly ComparedFit[], titles: readonly string[]): unknown {
  return fits.map((f, i) => {
    if (f.changes === null) return nothing;
    const earlier = app.snapshot.fits.some((known) => known.fit === f.fit && known.before !== null);
    const changes = earlier ? backward(f.changes) : f.changes;
    const [from, to] = earlier ? [titles[i], titles[0]] : [titles[0], titles[i]];
    return html`<section class="figure" aria-labelledby=${`changes-${i}`}>
      <header><h2 id=${`changes-${i}`}>From ${upright(from)} to ${upright(to)}</h2></header>
      <p class="reading">${changesReading(changes)}</p>
      ${changes.run.length === 0 ? nothing : html`<p class="note">As run: ${changes.run.map((r) => `${r.name} ${r.shown} → ${r.here}`).join('; ')}.</p>`}
      ${
        changes.lines.length === 0
          ? nothing
          : html`<div class="diff" role="group" tabindex="0" aria-label=${`Lines of the specs that differ: ${from} and ${to}`}>
              ${changes.lines.map(diffLine)}
            </div>`
      }
      ${changes.more > 0 ? html`<p class="note">${plural(changes.more, 'line')} more.</p>` : nothing}
    </section>`;
  });
}

function changesReading({ lines, run }: SpecChanges): string {
  const count = (kind: DiffLine['kind']): number => lines.filter((l) => l.kind === kind).length;
  if (lines.length > 0) return `${plural(count('removed'), 'line')} taken out (−), ${plural(count('added'), 'line')} put in (+).`;
  return run.length > 0 ? 'The specs are the same; how they were run is not.' : 'The specs are the same, and so is how they were run.';
}

const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

function diffLine(line: DiffLine): unknown {
  if (line.kind === 'gap') return html`<div class="gap">… ${plural(line.count, 'equal line')}</div>`;
  // The sign is text: it is read aloud, copied, and seen without colour.
  return html`<div class=${line.kind}><span class="mark">${SIGNS[line.kind]}</span><bdi>${upright(line.text)}</bdi></div>`;
}
