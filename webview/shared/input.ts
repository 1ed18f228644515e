/** One covariate of the form: a slider and a number over its data's range, a choice of levels, or why it cannot be set. */
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html } from 'lit';
import type { InputRange } from '../../protocol/views/whatif.ts';
import { short, upright } from './format.ts';
import { pick } from './pick.ts';
import { stepOf } from './step.ts';

/** Where a form starts: the mean, in few digits, or the reference level. A value set before stays where the range or the levels hold it. */
export function startOf(input: InputRange, before?: number | string): number | string {
  const { levels, integer, mean, min, max } = input;
  if (levels !== null) return levels.find((level) => level === before) ?? levels[0];
  const start = integer ? Math.round(mean) : Number(mean.toPrecision(3));
  return typeof before === 'number' && before >= min && before <= max ? before : Math.min(max, Math.max(min, start));
}

export function inputRow(
  input: InputRange,
  value: number | string | undefined,
  change: (name: string, value: number | string) => void,
): unknown {
  const { name, masked, levels } = input;
  if (masked !== null) {
    return html`<div class="input masked">
      <label title=${name}>${name}</label>
      <input type="range" disabled aria-label=${name} aria-description=${masked} />
      <span class="masked-tag">masked</span>
      <p class="note">${upright(masked)}</p>
    </div>`;
  }
  if (levels !== null) {
    const options = levels.map((level) => ({ value: level, label: level }));
    return html`<div class="input">${pick({ label: name, value: String(value ?? levels[0]), options, picked: (l) => change(name, l) })}</div>`;
  }
  const step = stepOf(input);
  const current = typeof value === 'number' ? value : input.min;
  // Ends on whole steps, so that a slider stops at round numbers and both ends of the data can be reached.
  const low = Math.floor(input.min / step) * step;
  const high = Math.ceil(input.max / step) * step;
  const read = (event: Event): void => {
    const x = Number.parseFloat((event.target as HTMLElement & { value: string }).value);
    if (Number.isFinite(x)) change(name, x);
  };
  return html`<div class="input">
    <label title=${name}>${name}</label>
    <input
      type="range"
      aria-label=${name}
      min=${low}
      max=${high}
      step=${step}
      .value=${String(current)}
      aria-valuetext=${short(current)}
      @input=${read}
    />
    <vscode-textfield type="number" step="0.000001" .label=${`${name}, as a number`} .value=${trimmed(current)} @change=${read}></vscode-textfield>
  </div>`;
}

/** Without the digits that binary fractions add. */
const trimmed = (x: number): string => String(Number(x.toPrecision(8)));
