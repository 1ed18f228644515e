import { describe, expect, it } from 'vitest';
import { isEmptyCell, numberIn, USUAL_CELLS } from '../../../core/data/cells.ts';
import type { CellRules } from '../../../core/spec/types.ts';

const COMMA: CellRules = { decimal: ',', thousands: null, na: null };
const GERMAN: CellRules = { decimal: ',', thousands: '.', na: null };
const SWISS: CellRules = { decimal: '.', thousands: "'", na: null };
const FRENCH: CellRules = { decimal: ',', thousands: ' ', na: null };
const ENGLISH: CellRules = { decimal: '.', thousands: ',', na: null };

describe('D3: a cell is a number only where the whole cell is one', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['5.', 5],
    ['.5', 0.5],
    ['+5', 5],
    ['-0.25', -0.25],
    ['007', 7],
    ['1e5', 1e5],
    ['1.E-3', 1e-3],
    [' 12\t', 12],
    ['9007199254740993', 9007199254740992],
    ['1e-400', 0],
    ['1e400', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['Infinity', Number.POSITIVE_INFINITY],
  ])('%j is the number %d', (text, value) => {
    expect(numberIn(text)).toBe(value);
  });

  it.each([
    '2020_1',
    '1_000',
    '1e1_0',
    '+-5',
    '--5',
    '0x1F',
    '0b1',
    '1e5 m',
    '5%',
    '$5',
    '1 000',
    '1,5',
    '1,000',
    '1e',
    'e5',
    '.',
    '-',
    '1.2.3',
    '1L',
    '1d5',
    'infinit',
    '+-inf',
    'nan(2)',
    'TRUE',
    '١٢',
    '１２',
    '½',
    '\u22125',
    '1\u00a0000',
    '2020-01-01',
    '',
    ' ',
    'NaN',
  ])('%j is no number', (text) => {
    expect(numberIn(text)).toBeNull();
  });

  it.each<[string, CellRules, number | null]>([
    ['3,5', COMMA, 3.5],
    ['-3,5e2', COMMA, -350],
    ['3', COMMA, 3],
    ['3.5', COMMA, null],
    ['1.234,5', COMMA, null],
    ['1.234,5', GERMAN, 1234.5],
    ['12.345.678', GERMAN, 12345678],
    ['1.5', GERMAN, null],
    ['1.2345', GERMAN, null],
    ['1234,5', GERMAN, 1234.5],
    ["1'234.5", SWISS, 1234.5],
    ['1\u202f234,5', FRENCH, 1234.5],
    ['1\u00a0234', FRENCH, 1234],
    ['1 234', FRENCH, 1234],
    ['1,234.5', ENGLISH, 1234.5],
    ['1,23', ENGLISH, null],
    ['1,234', USUAL_CELLS, null],
  ])('%j under %j is %j', (text, rules, value) => {
    expect(numberIn(text, rules)).toBe(value);
  });
});

describe('an empty cell', () => {
  it.each(['', '  ', 'NA', 'na', 'N/A', 'n/a', 'NaN', '-nan', 'NULL', ' null\t'])('is %j', (text) => {
    expect(isEmptyCell(text)).toBe(true);
  });

  it.each(['-', '.', '?', 'none', '#N/A', 'nana', '0', 'n a', 'nan(1)'])('is not %j', (text) => {
    expect(isEmptyCell(text)).toBe(false);
  });

  it.each<[string, readonly string[], boolean]>([
    ['missing', ['missing'], true],
    ['Missing', ['missing'], false],
    ['', ['missing'], true],
    ['NA', ['missing'], false],
    ['-999', ['-999'], true],
    ['-999.0', ['-999'], true],
    ['-9.99e2', ['-999'], true],
    ['-9990', ['-999'], false],
    ['NA', [''], false],
  ])('%j with "na": %j: %j', (text, na, empty) => {
    expect(isEmptyCell(text, { ...USUAL_CELLS, na })).toBe(empty);
  });
});
