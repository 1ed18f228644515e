/** The small pure parts of the extension host's side. */
import { describe, expect, test } from 'vitest';
import { summaryCsv } from '../../core/export/summary.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import { dataFile, fingerprint } from '../../extension/fits/fingerprint.ts';
import { describeProgress, fractionDone } from '../../extension/fits/progress.ts';
import { plainLabel, plainMessage } from '../../extension/plain.ts';
import { throttle } from '../../extension/throttle.ts';

describe('fingerprint', () => {
  test.each([
    ['layout', '{"a":1}', '{\r\n  "a" : 1\n}\n', true],
    ['comments', '{"a":1}', '{ /* why */ "a": 1 // so\n}', true],
    ['a number', '{"a":1}', '{"a":2}', false],
    ['a number and a text', '{"a":1}', '{"a":"1"}', false],
    ['a space inside a text', '{"a":"x y"}', '{"a":"xy"}', false],
    ['text that only ends', '{"a":1}', '{"a":1', false],
  ])('%s', (_, a, b, same) => {
    expect(fingerprint(a) === fingerprint(b)).toBe(same);
  });

  test('deep nesting is no trouble', () => {
    expect(() => fingerprint('['.repeat(200_000))).not.toThrow();
  });
});

test.each([
  ['{ "data": "a.csv" }', 'a.csv'],
  ['{ "data": { "file": "b.csv", "where": "x > 1" } }', 'b.csv'],
  ['{ "data": { "trino": {} } }', null],
  ['{ "data": 3 }', null],
  ['{ "data": ', null],
  ['', null],
  ['['.repeat(100_000), null],
])('dataFile %#', (text, file) => {
  expect(dataFile(text)).toBe(file);
});

describe('progress', () => {
  const chain = { chain: 0, phase: 'sampling', done: 50, total: 100, drawsPerSecond: 1234.4, divergences: 0 } as const;

  test.each([
    ['reading', [], 'Reading the data …'],
    ['sampling', [], 'Sampling …'],
    ['sampling', [chain], 'Sampling: 50 % · 1,234 draws/s'],
    ['sampling', [chain, { ...chain, phase: 'done', done: 100, divergences: 1 }], 'Sampling: 75 % · 1,234 draws/s · 1 divergence'],
    ['sampling', [{ ...chain, done: 0, drawsPerSecond: 0, divergences: 2 }], 'Sampling: 0 % · 2 divergences'],
  ] as const)('%s of %j', (phase, chains, line) => {
    expect(describeProgress(phase, chains)).toBe(line);
  });

  test('is nothing before the first iteration', () => {
    expect(fractionDone([])).toBe(0);
    expect(fractionDone([{ ...chain, done: 0, total: 0 }])).toBe(0);
  });
});

test('text from the user becomes neither a link nor an icon', () => {
  expect(plainMessage('[x](command:evil)')).not.toMatch(/\[[^\]]+\]\(/);
  expect(plainLabel('$(trash) x')).not.toContain('$(');
});

test('summaryCsv quotes names and leaves masked parameters without numbers', () => {
  const numbers = { mean: 1, sd: 2, median: 3, lower: 4, upper: 5, q5: 6, q95: 7, mcse_mean: 8, mcse_sd: 9, ess_bulk: 10, ess_tail: 11 };
  const parameters = [
    { name: 'w[x, "a"]', masked: false, ...numbers, r_hat: null },
    { name: 'w[y, a]', masked: true },
    { name: '=1+1', masked: true },
  ];
  const lines = [...summaryCsv({ parameters } as unknown as FitReport)].join('').trim().split('\n');
  expect(lines[0]).toBe('name,masked,mean,sd,median,lower,upper,q5,q95,mcse_mean,mcse_sd,ess_bulk,ess_tail,r_hat');
  expect(lines[1]).toBe('"w[x, ""a""]",false,1,2,3,4,5,6,7,8,9,10,11,');
  expect(lines[2]).toBe('"w[y, a]",true,,,,,,,,,,,,');
  expect(lines[3]).toMatch(/^'=1\+1,true/);
});

test('throttle calls at once, then once more for all that came meanwhile', async () => {
  let calls = 0;
  const call = throttle(20, () => calls++);
  call();
  expect(calls).toBe(1);
  for (let i = 0; i < 5; i++) call();
  expect(calls).toBe(1);
  await expect.poll(() => calls).toBe(2);
  call.cancel();
});
