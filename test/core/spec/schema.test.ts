import { expect, test } from 'vitest';
import { DEFAULT_INTERVAL, DEFAULT_SAMPLER } from '../../../core/spec/defaults.ts';
import { KEYS } from '../../../core/spec/keys.ts';
import { FAMILIES, METHODS, MISSINGS, POOLINGS, TRANSFORMS } from '../../../core/spec/types.ts';
import schema from '../../../schemas/hmask.schema.json' with { type: 'json' };

const p = schema.properties;
const covariate = p.covariates.items.anyOf[1].properties!;

test('the schema has the keys that the parser reads', () => {
  const objects: Record<keyof typeof KEYS, object> = {
    spec: p,
    data: { ...p.data.anyOf[1].properties, ...p.data.anyOf[2].properties },
    trino: p.data.anyOf[2].properties!.trino!.properties,
    response: p.response.anyOf[1].properties!,
    intercept: p.intercept.anyOf[1].properties!,
    covariate,
    priors: p.priors.properties,
    scale: p.priors.properties.scale.anyOf[2].properties!,
    interval: p.interval.properties,
    sampler: p.sampler.properties,
    prediction: p.predictions.items.properties,
  };
  for (const [name, object] of Object.entries(objects)) {
    expect(Object.keys(object).sort(), name).toEqual([...KEYS[name as keyof typeof KEYS]].sort());
  }
});

test('the schema has the words and the defaults that the parser has', () => {
  expect(p.family.enum).toEqual(FAMILIES);
  expect(p.pooling.enum).toEqual(POOLINGS);
  expect(covariate.transform.enum).toEqual(TRANSFORMS);
  expect(p.missing.enum).toEqual(MISSINGS);
  expect(p.sampler.properties.method.enum).toEqual(METHODS);
  const sampler = Object.entries(p.sampler.properties).map(([key, value]) => [key, value.default]);
  expect(Object.fromEntries(sampler)).toEqual(DEFAULT_SAMPLER);
  expect({ kind: p.interval.properties.kind.default, prob: p.interval.properties.prob.default }).toEqual(DEFAULT_INTERVAL);
});

test('every key has a description', () => {
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties } = node as { properties?: Record<string, { description?: string; markdownDescription?: string }> };
    for (const [key, value] of Object.entries(properties ?? {})) {
      expect(value.markdownDescription ?? value.description, `${path}.${key}`).toBeTruthy();
    }
    for (const [key, value] of Object.entries(node)) walk(value, `${path}.${key}`);
  };
  walk(schema, '');
});
