import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../core/spec/parse.ts';
import { DEFAULT_READER } from '../../../core/spec/types.ts';

const spec = (data: string) => `{ "data": ${data}, "response": "y" }`;
const applied = (text: string, edits: readonly { start: number; end: number; text: string }[]): string =>
  [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);

describe('keys of "data" read', () => {
  test.each<[data: string, read: object]>([
    ['"d.csv"', { file: 'd.csv', where: null, delimiter: null }],
    ['{ "file": "d.csv", "where": "x > 1" }', { file: 'd.csv', where: 'x > 1', delimiter: null }],
    ['{ "files": "runs/*.csv" }', { file: 'runs/*.csv', files: ['runs/*.csv'], where: null, delimiter: null }],
    ['{ "files": ["a.csv", "b.csv"], "where": "x > 1" }', { file: 'a.csv', files: ['a.csv', 'b.csv'], where: 'x > 1', delimiter: null }],
    ['{ "file": "d.csv", "delimiter": ";", "decimal": "," }', { file: 'd.csv', where: null, delimiter: ';', reader: { decimal: ',' } }],
    ['{ "file": "d.csv", "decimal": ".", "thousands": "," }', { reader: { thousands: ',' } }],
    ['{ "file": "d.csv", "decimal": ",", "thousands": "." }', { reader: { decimal: ',', thousands: '.' } }],
    ['{ "file": "d.csv", "thousands": "\u202f" }', { reader: { thousands: ' ' } }],
    ['{ "file": "d.csv", "na": ["-", "", "999"] }', { reader: { na: ['-', '', '999'] } }],
    ['{ "file": "d.csv", "na": [] }', { reader: { na: [] } }],
    ['{ "file": "d.csv", "comment": "#", "skip": 3 }', { reader: { comment: '#', skip: 3 } }],
    ['{ "file": "d.csv", "encoding": "windows-1252" }', { reader: { encoding: 'windows-1252' } }],
    [
      '{ "file": "d.csv", "dates": { "day": "days", "at": "seconds" } }',
      {
        reader: {
          dates: [
            ['day', 'days'],
            ['at', 'seconds'],
          ],
        },
      },
    ],
    ['{ "file": "d.duckdb", "table": "runs", "na": ["-"], "decimal": "," }', { reader: { table: 'runs', na: ['-'], decimal: ',' } }],
    ['{ "file": "lab.db", "table": "runs" }', { reader: { table: 'runs' } }],
  ])('%s', (data, read) => {
    const { spec: found, problems } = parseSpec(spec(data));
    expect(problems).toEqual([]);
    const reader = 'reader' in read ? { reader: { ...DEFAULT_READER, ...(read.reader as object) } } : {};
    expect(found?.data).toMatchObject({ kind: 'file', ...read, ...reader });
    if (!('reader' in read)) expect(found?.data).toEqual({ kind: 'file', ...read });
  });
});

describe('faults of the keys of "data"', () => {
  /** `|` marks the ends of the range. */
  test.each<[data: string, code: string, mentions: string, fixed: string | null]>([
    ['{ "file": "a.csv", |"files"|: ["b.csv"] }', 'HM002', '"files" cannot stand beside "file"', '{ "file": "a.csv" }'],
    ['|{| "decimal": "," }', 'HM005', '"data" lacks "file"', '{ "file": "data.csv", "decimal": "," }'],
    ['{ "files": |[]| }', 'HM003', '"files" is empty', null],
    ['{ "files": |3| }', 'HM003', 'a pattern such as "runs/*.csv", or a list', null],
    ['{ "files": ["a.csv", |3|] }', 'HM003', 'not the number 3', null],
    ['{ "files": ["a.csv", |"a.csv"|] }', 'HM003', 'twice', '{ "files": ["a.csv"] }'],
    ['{ "file": "a.csv", "decimal": |";"| }', 'HM003', 'one of ., ,', '{ "file": "a.csv", "decimal": "." }'],
    ['{ "file": "a.csv", "decimal": |5| }', 'HM003', 'not the number 5', null],
    ['{ "file": "a.csv", "thousands": |"."| }', 'HM003', 'write "decimal": ","', '{ "decimal": ",", "file": "a.csv", "thousands": "." }'],
    [
      '{ "file": "a.csv", "decimal": ",", "thousands": |","| }',
      'HM003',
      'write "decimal": "."',
      '{ "file": "a.csv", "decimal": ".", "thousands": "," }',
    ],
    ['{ "file": "a.csv", "thousands": |"000"| }', 'HM003', 'one character', '{ "file": "a.csv", "thousands": "," }'],
    ['{ "file": "a.csv", "thousands": |true| }', 'HM003', 'one character', null],
    ['{ "file": "a.csv", "na": |"-"| }', 'HM003', 'a list', '{ "file": "a.csv", "na": ["-"] }'],
    ['{ "file": "a.csv", "na": ["-", |999|] }', 'HM003', 'the number 999', '{ "file": "a.csv", "na": ["-", "999"] }'],
    ['{ "file": "a.csv", "na": [|null|] }', 'HM003', 'not null', '{ "file": "a.csv", "na": ["null"] }'],
    ['{ "file": "a.csv", "na": [|true|] }', 'HM003', 'text in double quotes', null],
    ['{ "file": "a.csv", "comment": |"//"| }', 'HM003', 'the one character', '{ "file": "a.csv", "comment": "#" }'],
    ['{ "file": "a.csv", "comment": |true| }', 'HM003', 'one character', null],
    ['{ "file": "a.csv", "delimiter": ";", "comment": |";"| }', 'HM003', '"comment" and "delimiter" are both', null],
    ['{ "file": "a.csv", "skip": |-1| }', 'HM003', 'lines before the header', '{ "file": "a.csv", "skip": 0 }'],
    ['{ "file": "a.csv", "skip": |1.5| }', 'HM003', 'a whole number', '{ "file": "a.csv", "skip": 2 }'],
    ['{ "file": "a.csv", "skip": |"2"| }', 'HM003', 'a number', '{ "file": "a.csv", "skip": 2 }'],
    [
      '{ "file": "a.csv", "encoding": |"latin1"| }',
      'HM003',
      'Did you mean "windows-1252"?',
      '{ "file": "a.csv", "encoding": "windows-1252" }',
    ],
    ['{ "file": "a.csv", "encoding": |"UTF8"| }', 'HM003', 'Did you mean "utf-8"?', '{ "file": "a.csv", "encoding": "utf-8" }'],
    ['{ "file": "a.csv", "encoding": |"klingon"| }', 'HM003', 'one of utf-8, utf-16, windows-1252', null],
    ['{ "file": "a.csv", "dates": |["day"]| }', 'HM003', 'an object of columns and their units', null],
    [
      '{ "file": "a.csv", "dates": { "day": |"day"| } }',
      'HM003',
      'one of days, hours, seconds. Did you mean "days"?',
      '{ "file": "a.csv", "dates": { "day": "days" } }',
    ],
    ['{ "file": "a.csv", "dates": { "day": |"months"| } }', 'HM003', 'one of days, hours, seconds', null],
    ['{ "file": "a.csv", "dates": { "day": "days", |"day"|: "hours" } }', 'HM004', 'twice', null],
    ['{ "file": "a.csv", |"table"|: "t" }', 'HM003', '"a.csv" is a file of text', '{ "file": "a.csv" }'],
    ['{ "file": "a.parquet", |"table"|: "t" }', 'HM003', 'is a Parquet file', '{ "file": "a.parquet" }'],
    ['{ "file": "a.parquet", |"comment"|: "#" }', 'HM003', 'is a Parquet file', '{ "file": "a.parquet" }'],
    ['{ "files": "runs/*.parquet", |"skip"|: 1 }', 'HM003', 'is a Parquet file', '{ "files": "runs/*.parquet" }'],
    ['{ "file": "a.duckdb", |"encoding"|: "utf-8" }', 'HM003', 'is a DuckDB file', '{ "file": "a.duckdb" }'],
    ['{ "file": "a.duckdb", |"delimiter"|: ";" }', 'HM003', 'is a DuckDB file', '{ "file": "a.duckdb" }'],
    ['{ "file": "a.duckdb", "table": |3| }', 'HM003', 'the name of a table', null],
    ['{ "file": "a.csv", |"decimals"|: "," }', 'HM002', '"decimal"', '{ "file": "a.csv", "decimal": "," }'],
  ])('%s', (data, code, mentions, fixed) => {
    const marked = spec(data);
    const start = marked.indexOf('|');
    const end = marked.indexOf('|', start + 1) - 1;
    const text = marked.replaceAll('|', '');
    const [problem, ...others] = parseSpec(text).problems;
    expect(others).toEqual([]);
    expect([problem.code, problem.severity]).toEqual([code, 'error']);
    expect(problem.message).toContain(mentions);
    expect(problem.range).toEqual({ start, end });
    if (fixed === null) return;
    expect(applied(text, problem.fixes![0].edits)).toBe(spec(fixed));
    expect(parseSpec(spec(fixed)).problems).toEqual([]);
  });

  test('no key of a file stands beside a cluster', () => {
    const trino = '"trino": { "server": "s", "catalog": "c", "schema": "s", "table": "t", "user": "u" }';
    const { problems } = parseSpec(spec(`{ ${trino}, "decimal": ",", "files": ["a.csv"], "dates": {} }`));
    expect(problems.map((p) => p.message)).toEqual(['files', 'decimal', 'dates'].map((key) => `"${key}" cannot stand beside "trino".`));
  });
});
