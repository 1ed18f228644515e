import { expect, it } from 'vitest';
import { csvLine } from '../../../core/export/csv.ts';

it.each([
  [['a', 'b c'], 'a,b c'],
  [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"'],
  [['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx"],
  [['=A1,B1'], '"\'=A1,B1"'],
  [[-1.5, 1e-300, Number.POSITIVE_INFINITY], '-1.5,1e-300,Infinity'],
  [[Number.NaN, null, undefined, ''], ',,,'],
  [[true, false], 'true,false'],
])('%j is the line %j', (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\n`);
});
