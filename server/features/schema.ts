/** The schema's descriptions by path, for hovers and completion. */
import type { JSONSchema } from 'vscode-json-languageservice';
import type { Path } from '../../core/spec/json.ts';
import schema from '../../schemas/hmask.schema.json' with { type: 'json' };

export const SCHEMA = schema as unknown as JSONSchema;

/** The description of the key at a path. */
export function describePath(path: Path): string | null {
  const found = schemasAt(SCHEMA, path)[0];
  return found?.markdownDescription ?? found?.description ?? null;
}

/** What a word such as `student_t` means as the value of a key such as `family`. */
export function describeChoice(key: string, value: string): string | null {
  const found = choicesOf(key);
  const i = found?.enum?.indexOf(value) ?? -1;
  return found?.enumDescriptions?.[i] ?? null;
}

/** The first schema anywhere whose key has a closed set of words. */
export function choicesOf(key: string): JSONSchema | null {
  const search = (node: JSONSchema): JSONSchema | null => {
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      if (typeof child !== 'object') continue;
      const words = child.enum === undefined && typeof child.additionalProperties === 'object' ? child.additionalProperties : child;
      if (name === key && words.enum !== undefined) return words;
      const deeper = search(child);
      if (deeper !== null) return deeper;
    }
    for (const child of [...(node.anyOf ?? []), ...(node.items !== undefined && !Array.isArray(node.items) ? [node.items] : [])]) {
      const deeper = typeof child === 'object' ? search(child) : null;
      if (deeper !== null) return deeper;
    }
    return null;
  };
  return search(SCHEMA);
}

/** Every alternative of the schema that a path may stand for. */
function schemasAt(node: JSONSchema, path: Path): JSONSchema[] {
  const alternatives = [node, ...(node.anyOf ?? []).filter((a): a is JSONSchema => typeof a === 'object')];
  if (path.length === 0) return [node];
  const [step, ...rest] = path;
  return alternatives.flatMap((a) => {
    const named =
      typeof step === 'string' && a.properties !== undefined && Object.hasOwn(a.properties, step) ? a.properties[step] : undefined;
    const other = typeof step === 'string' && typeof a.additionalProperties === 'object' ? a.additionalProperties : undefined;
    const item = typeof step === 'number' && !Array.isArray(a.items) ? a.items : undefined;
    const next = named ?? other ?? item;
    return typeof next === 'object' ? schemasAt(next, rest) : [];
  });
}
