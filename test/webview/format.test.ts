import { describe, expect, it } from 'vitest';
import {
  ellipsis,
  fileStem,
  intervalText,
  milliseconds,
  near,
  percent,
  probability,
  rHat,
  short,
  upright,
  whole,
} from '../../webview/shared/format.ts';
import { stepOf } from '../../webview/shared/step.ts';
import { themeKind } from '../../webview/shared/theme.ts';

describe('names in a sentence', () => {
  it('cannot turn its direction', () => {
    expect(upright('\u202eleef\u2066 is 3')).toBe('[U+202E]leef[U+2066] is 3');
    expect(upright('Ωmega – 日本')).toBe('Ωmega – 日本');
  });
});

describe('numbers', () => {
  it.each([
    [0, '0.00'],
    [1.23456, '1.23'],
    [-12.345, '−12.3'],
    [1234.5, '1235'],
    [0.000123, '0.000123'],
    [-0.0000001, '−1.00e−7'],
    [12_345_678, '1.23e+7'],
    [Number.NaN, '–'],
    [null, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('short(%d) is %s', (x, shown) => {
    expect(short(x)).toBe(shown);
  });
  it.each([
    [2.50312, 0.0131, '2.503'],
    [-0.0001, 0.5, '0.00'],
    [1234.5, 120, '1235'],
    [3, 0, '3.00'],
    [Number.NaN, 1, '–'],
  ])('near(%d, %d) is %s', (x, spread, shown) => {
    expect(near(x, spread)).toBe(shown);
  });
  it('others', () => {
    expect(whole(1234567)).toBe('1,234,567');
    expect(percent(0.9)).toBe('90 %');
    expect(probability(1)).toBe('more than 99.9 %');
    expect(probability(0)).toBe('less than 0.1 %');
    expect(rHat(1.0004)).toBe('1.000');
    expect(rHat(null)).toBe('–');
    expect([75, 1500, 61_000].map(milliseconds)).toEqual(['75 ms', '1.5 s', '1 min 1 s']);
    expect(intervalText({ kind: 'hdi', prob: 0.95 })).toBe('95 % highest-density');
  });
});

describe('texts', () => {
  it('shortens long names and makes names for files', () => {
    expect(ellipsis('abcdef', 4)).toBe('abc…');
    expect(fileStem('Observed/../ against <predicted>')).toBe('observed-against-predicted');
    expect(fileStem('***')).toBe('chart');
  });
});

describe('stepOf', () => {
  it.each([
    [0, 10, false, 0.1],
    [0, 1, false, 0.01],
    [0, 300, false, 1],
    [0, 10, true, 1],
  ])('from %d to %d, whole %s: %d', (min, max, integer, step) => {
    expect(stepOf({ name: 'x', levels: null, masked: null, min, max, mean: 0, integer })).toBeCloseTo(step, 12);
  });
});

describe('themeKind', () => {
  it.each([
    [['vscode-light'], 'light'],
    [['vscode-dark'], 'dark'],
    [['vscode-high-contrast'], 'hc-dark'],
    [['vscode-high-contrast', 'vscode-high-contrast-light'], 'hc-light'],
  ])('%j is %s', (classes, kind) => {
    expect(themeKind({ contains: (name) => classes.includes(name) })).toBe(kind);
  });
});
