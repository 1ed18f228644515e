/** A JSON document part by part: no part is longer than one element of a list, however long the document is. */
export function* jsonParts(document: object): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(document)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (Array.isArray(value)) yield* listParts(value);
    else yield JSON.stringify(value);
    before = ',\n';
  }
  yield before === '{' ? '{}\n' : '}\n';
}

function* listParts(list: readonly unknown[]): Generator<string> {
  let before = '[';
  for (const element of list) {
    yield `${before}${JSON.stringify(element ?? null)}`;
    before = ',\n';
  }
  yield before === '[' ? '[]' : ']';
}
