import { expect, it } from 'vitest';
import { upright } from '../../core/text.ts';

it('spells out what turns the direction of a sentence, and nothing else', () => {
  expect(upright('group \u202edesrever\u202c of 3')).toBe('group [U+202E]desrever[U+202C] of 3');
  expect(upright('קבוצה 東京 é')).toBe('קבוצה 東京 é');
});
