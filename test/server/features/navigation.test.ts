import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { headerRange } from '../../../server/features/header.ts';
import { documentLinks } from '../../../server/features/links.ts';
import { definition, prepareRename, references, rename, renameFault } from '../../../server/features/navigation.ts';
import { semanticTokens } from '../../../server/features/semanticTokens.ts';
import { SPEC } from '../manufacturing.ts';
import { contextOf, specWith } from './contextOf.ts';

describe('a header', () => {
  test.each([
    ['a,b,c\n1,2,3', 'b', 2, 3],
    ['"a,1";b;c', 'c', 8, 9],
    ['"a ""q"" b",x\n', 'a "q" b', 0, 11],
    ['\uFEFFa,b', 'a', 1, 2],
    ['a\tb\r\n', 'b', 2, 3],
  ])('%s has %s', (header, column, start, end) => {
    expect(headerRange(header, column, null)).toEqual({ start: { line: 0, character: start }, end: { line: 0, character: end } });
  });
  test('a name over two lines', () => {
    expect(headerRange('a,"x\ny",b', 'b', ',')).toEqual({ start: { line: 1, character: 3 }, end: { line: 1, character: 4 } });
  });
  test.each([
    ['a,b', 'c'],
    ['', 'a'],
    ['"a', 'b'],
    [' '.repeat(50_000), 'x'],
  ])('%# has it not', (header, column) => {
    expect(headerRange(header, column, null)).toBeNull();
  });
});

test('definition of a column, a group and a covariate', () => {
  const at = (from: string, to: string) => {
    const { context, offset } = contextOf(specWith(from, to));
    return definition(context, offset, { file: 'manufacturing.csv', line: 1, text: 'Product_Group,Feed_Speed', delimiter: ',' })[0];
  };
  expect(at('"Feed_Speed", "P', '"Feed|_Speed", "P')).toMatchObject({
    uri: 'file:///home/ada/manufacturing.csv',
    range: { start: { line: 0, character: 14 } },
  });
  expect(at('"group": "Product_Group_2"', '"group": "Product|_Group_2"').range.start.line).toBe(8);
  expect(at('"Pull_Acceleration": 2, "C', '"Pull|_Acceleration": 2, "C').range.start.line).toBe(5);
});

test('references and rename meet every mention, and nothing else', () => {
  const { context, offset } = contextOf(specWith('"Product_Group_1": [', '"Product|_Group_1": ['));
  expect(references(context, offset, true).length).toBe(2);
  expect(references(context, offset, false).length).toBe(1);
  expect(prepareRename(context, offset)?.placeholder).toBe('Product_Group_1');
  const edits = rename(context, offset, 'New "one"')!.changes![context.document.uri];
  expect(edits.map((e) => e.newText)).toEqual(['"New \\"one\\""', '"New \\"one\\""']);
  const value = contextOf(specWith('"seed": 42', '"seed": 4|2'));
  expect(prepareRename(value.context, value.offset)).toBeNull();
});

test('a renamed covariate keeps its column, and the spec stays clean', () => {
  for (const [from, to] of [
    ['"Feed_Speed", "P', '"Feed|_Speed", "P'],
    ['"Feed_Speed": 3', '"Feed|_Speed": 3'],
  ]) {
    const { context, offset } = contextOf(specWith(from, to));
    const text = TextDocument.applyEdits(context.document, rename(context, offset, 'speed')!.changes![context.document.uri]);
    expect(text).toContain('[{ "column": "Feed_Speed", "name": "speed" }, "Pull');
    expect(text.match(/"speed": 3/g)?.length).toBe(2);
    const again = contextOf(text);
    expect(again.context.checked.problems).toEqual([]);
    const twice = rename(again.context, text.indexOf('"speed"') + 1, 'v')!.changes![context.document.uri];
    expect(TextDocument.applyEdits(again.context.document, twice)).toContain('{ "column": "Feed_Speed", "name": "v" }');
  }
});

test('links lead below the workspace only', () => {
  const target = (file: string) => documentLinks(contextOf(specWith('"manufacturing.csv"', JSON.stringify(file))).context)[0]?.target;
  expect(target('sub/d.csv')).toBe('file:///home/ada/sub/d.csv');
  for (const file of ['../../etc/passwd', '/etc/passwd', 'https://evil/x.csv', 'command:x\0']) expect(target(file)).toBeUndefined();
});

test('masked cells, and masked values of predictions, are dimmed', () => {
  expect(semanticTokens(contextOf(SPEC).context).data).toEqual([7, 30, 1, 0, 0]);
  const text = specWith('"Pull_Acceleration": 2 }', '"Pull_Acceleration": 2, "Cutting_Wait_Time": 7 }');
  expect(semanticTokens(contextOf(text).context).data.length).toBe(15);
});

describe('covariates of every form', () => {
  const csv = 'g,k,x,z,y\nA,u,1,2,3\nA,v,2,1,4\nA,u,4,5,5\nA,v,5,4,4\nA,u,7,1,2\nA,v,6,9,1';
  const spec = `{ "data": "d.csv", "response": "y", "group": "g", "covariates": ["x", "k", "x:z"], "mask": { "A": { "k": 1 } }, "predictions": [{ "group": "A", "at": { "x": 3, "z": 2, "k[v]": 1 } }] }`;
  const marked = (from: string) => spec.replace(from, `${from[0]}|${from.slice(1)}`);
  const renamed = (from: string, to: string) => {
    const { context, offset } = contextOf(marked(from), csv);
    const text = TextDocument.applyEdits(context.document, rename(context, offset, to)!.changes![context.document.uri]);
    expect(contextOf(text, csv).context.checked.problems.filter((p) => p.severity === 'error')).toEqual([]);
    return text;
  };

  test('a name that a product reads too keeps its value for the product', () => {
    expect(renamed('"x", "k"', 'speed')).toContain('"at": { "speed": 3, "x": 3, "z": 2, "k[v]": 1 }');
  });

  test.each(['"k", "x:z"', '"k": 1', '"k[v]": 1'])('an indicator follows its column: %s', (from) => {
    const text = renamed(from, 'kind "1"');
    expect(text).toContain('{ "column": "k", "name": "kind \\"1\\"" }');
    expect(text).toContain('{ "kind \\"1\\"": 1 }');
    expect(text).toContain('"kind \\"1\\"[v]": 1');
  });

  test('definitions of an indicator and of a column of a product', () => {
    const at = (from: string) => {
      const { context, offset } = contextOf(marked(from), csv);
      return definition(context, offset, { file: 'd.csv', line: 1, text: csv.split('\n')[0], delimiter: ',' })[0];
    };
    expect(at('"k[v]": 1')).toMatchObject({
      uri: 'file:///home/ada/spec.hmask.json',
      range: { start: { character: spec.indexOf('"k", "x:z"') } },
    });
    expect(at('"z": 2')).toMatchObject({ range: { start: { line: 0, character: 6 } } });
  });

  test.each([
    ['"x", "k"', 'k', 'The spec has a covariate "k" already.'],
    ['"x", "k"', ' ', 'A name must not be empty.'],
    ['"x:z"', 'q', 'Only covariates and groups can be renamed.'],
    ['"A": {', 'B', null],
    ['"x", "k"', 'x', null],
  ])('%s to %s: %s', (from, to, fault) => {
    const { context, offset } = contextOf(marked(from), csv);
    expect(renameFault(context, offset, to)).toBe(fault);
    if (fault !== null) expect(rename(context, offset, to)).toBeNull();
  });
});
