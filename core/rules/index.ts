/** Every rule, in the order of their codes. */
import { ambiguousFactor } from './ambiguousFactor.ts';
import { collinear } from './collinear.ts';
import { constantInGroup } from './constantInGroup.ts';
import { covariateTwice } from './covariateTwice.ts';
import { dateColumns } from './dateColumns.ts';
import { dateLevels } from './dateLevels.ts';
import { farFromZero } from './farFromZero.ts';
import { fewRows } from './fewRows.ts';
import { flatPriors } from './flatPriors.ts';
import { groupEmptyCells } from './groupEmptyCells.ts';
import { groupManyValues } from './groupManyValues.ts';
import { groupNamesAlike } from './groupNamesAlike.ts';
import { groupOneValue } from './groupOneValue.ts';
import { infiniteValue } from './infiniteValue.ts';
import { maskEmptyCells } from './maskEmptyCells.ts';
import { maskedEverywhere } from './maskedEverywhere.ts';
import { maskGroupLeftOut } from './maskGroupLeftOut.ts';
import { maskLength } from './maskLength.ts';
import { maskUnknownCovariate } from './maskUnknownCovariate.ts';
import { maskUnknownGroup } from './maskUnknownGroup.ts';
import { maskValue } from './maskValue.ts';
import { maskValuesIgnored } from './maskValuesIgnored.ts';
import { missingImpute } from './missingImpute.ts';
import { poolGroups } from './poolGroups.ts';
import { predictionCovariates } from './predictionCovariates.ts';
import { predictionGroup } from './predictionGroup.ts';
import { predictionParts } from './predictionParts.ts';
import { priorScale } from './priorScale.ts';
import { priorUnused } from './priorUnused.ts';
import { responseAsCovariate } from './responseAsCovariate.ts';
import { responseConstant } from './responseConstant.ts';
import { responseEmpty } from './responseEmpty.ts';
import { responseLevels } from './responseLevels.ts';
import { responseNotNumeric } from './responseNotNumeric.ts';
import { responseParts } from './responseParts.ts';
import { responsePartValues } from './responsePartValues.ts';
import { responseSupport } from './responseSupport.ts';
import type { DataRule, SpecRule } from './rule.ts';
import { samplerMethod } from './samplerMethod.ts';
import { samplerUnreliable } from './samplerUnreliable.ts';
import { samplerValues } from './samplerValues.ts';
import { textInNumbers } from './textInNumbers.ts';
import { textLevels } from './textLevels.ts';
import { tooLarge } from './tooLarge.ts';
import { tooManyCovariates, tooManyTerms } from './tooManyTerms.ts';
import { transformDomain } from './transformDomain.ts';
import { unknownColumn } from './unknownColumn.ts';
import { zeroCharacter } from './zeroCharacter.ts';

/** Rules that need the spec only. */
export const SPEC_RULES: readonly SpecRule[] = [
  tooManyCovariates,
  covariateTwice,
  ambiguousFactor,
  responseAsCovariate,
  responseParts,
  missingImpute,
  maskLength,
  maskValue,
  maskUnknownCovariate,
  priorUnused,
  predictionParts,
  samplerValues,
  samplerUnreliable,
  zeroCharacter,
];

/** Rules that need the data as well. */
export const DATA_RULES: readonly DataRule[] = [
  unknownColumn,
  dateColumns,
  textInNumbers,
  infiniteValue,
  tooLarge,
  responseNotNumeric,
  responseEmpty,
  responseSupport,
  responseConstant,
  responsePartValues,
  transformDomain,
  textLevels,
  tooManyTerms,
  responseLevels,
  dateLevels,
  groupOneValue,
  groupManyValues,
  groupEmptyCells,
  groupNamesAlike,
  poolGroups,
  maskUnknownGroup,
  maskGroupLeftOut,
  maskEmptyCells,
  maskValuesIgnored,
  maskedEverywhere,
  constantInGroup,
  collinear,
  fewRows,
  flatPriors,
  farFromZero,
  priorScale,
  samplerMethod,
  predictionGroup,
  predictionCovariates,
];
