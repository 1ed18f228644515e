// Writes what the records of core/families say into schemas/hmask.schema.json: the names of families and their own priors.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'schemas', 'hmask.schema.json');

const ANY_PRIOR =
  "A prior such as `normal(0, 5)`, a number (which fixes the parameter), or `auto`: weakly informative, from the data's scale.";

/** @returns {Promise<{ name: string, description: string, own: { key: string, description: string }[] }[]>} */
async function records() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['core/families/index.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).families();
}

/** The schema's text for the records as they are. */
export async function schemaText() {
  const schema = JSON.parse(await readFile(target, 'utf8'));
  const families = await records();
  schema.properties.family.enum = families.map((f) => f.name);
  schema.properties.family.enumDescriptions = families.map((f) => f.description);
  /** @type {Map<string, { name: string, description: string }[]>} */
  const owners = new Map();
  for (const { name, own } of families)
    for (const o of own) owners.set(o.key, [...(owners.get(o.key) ?? []), { name, description: o.description }]);
  for (const [key, list] of owners) {
    schema.properties.priors.properties[key] = {
      markdownDescription: `${list.map((o) => o.name).join(', ')}: the prior of ${list[0].description}. ${ANY_PRIOR}`,
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'number', exclusiveMinimum: 0 },
      ],
    };
  }
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Writes the schema when the records say something new. */
export async function buildSchema() {
  const text = await schemaText();
  if (JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(await readFile(target, 'utf8')))) return;
  await writeFile(target, text);
}
