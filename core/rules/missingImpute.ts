import { problemOf, replaceAt, type SpecRule } from './rule.ts';

/** HM215: `impute` is a word of the spec's format that this version cannot do. */
export const missingImpute: SpecRule = function* (context) {
  if (context.spec.missing !== 'impute') return;
  const path = ['missing'];
  yield problemOf(
    'HM215',
    'error',
    'Missing values cannot be imputed by this version; use "drop" or "zero", or fill them in.',
    context.locate(path),
    [
      { ...replaceAt(context, path, '"drop"', 'Change to "drop"'), preferred: true },
      replaceAt(context, path, '"zero"', 'Change to "zero"'),
      replaceAt(context, path, '"error"', 'Change to "error"'),
    ],
  );
};
