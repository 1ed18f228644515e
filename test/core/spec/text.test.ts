import { expect, it } from 'vitest';
import { upright, visible, visibleJson, visibleLines } from '../../../core/spec/text.ts';

it('spells out what turns the direction of a sentence, and nothing else', () => {
  expect(upright('group \u202edesrever\u202c of 3')).toBe('group [U+202E]desrever[U+202C] of 3');
  expect(upright('קבוצה 東京 é')).toBe('קבוצה 東京 é');
});

it.each([
  ['a colour', '\u001b[31mred\u001b[0m', '[U+001B][31mred[U+001B][0m'],
  ['a title', '\u001b]0;title\u0007', '[U+001B]]0;title[U+0007]'],
  ['C1, which some terminals take for an escape', '\u009b2J', '[U+009B]2J'],
  ['lines', 'a\nb\r\nc\td', 'a\\nb\\r\\nc\\td'],
  ['other line ends', 'a\u2028b\u2029c\u0085d', 'a[U+2028]b[U+2029]c[U+0085]d'],
  ['NUL and DEL', '\u0000\u007f', '[U+0000][U+007F]'],
  ['every control of direction', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069', '[U+061C][U+200E][U+200F][U+202A][U+202E][U+2066][U+2069]'],
  ['what has no width', 'B\u200b\u2060\ufeff', 'B[U+200B][U+2060][U+FEFF]'],
  ['words of any script', 'Ωmega – 日本 قیمت 👩‍🔬 é', 'Ωmega – 日本 قیمت 👩‍🔬 é'],
])('M7: %s is shown, not obeyed', (_, given, shown) => {
  expect(visible(given)).toBe(shown);
  expect(visibleLines(given)).toBe(shown.replaceAll('\\n', '\n'));
  expect(JSON.parse(visibleJson(JSON.stringify({ given })))).toEqual({ given });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  expect(visibleJson(JSON.stringify({ given }))).not.toMatch(/[\u0000-\u001f\u007f-\u009f\p{Bidi_Control}]/u);
});
