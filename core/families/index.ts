/** The families, by name. */
import type { Family } from '../spec/types.ts';
import { acceptFamily } from '../spec/vocabulary.ts';
import { bernoulli } from './bernoulli.ts';
import { binomial } from './binomial.ts';
import type { FamilyRecord } from './family.ts';
import { gaussian } from './gaussian.ts';
import { negativeBinomial } from './negativeBinomial.ts';
import { poisson } from './poisson.ts';
import { studentT } from './studentT.ts';

const RECORDS: Record<Family, FamilyRecord> = {
  gaussian,
  student_t: studentT,
  bernoulli,
  binomial,
  poisson,
  negative_binomial: negativeBinomial,
};

/** The record of a family. */
export const familyOf = (family: Family): FamilyRecord => RECORDS[family];

/** All records, in the order in which lists show them. */
export const families = (): FamilyRecord[] => Object.values(RECORDS);

/** Takes in a family from outside this folder, for this thread: its name is one that a spec may give from then on. */
export function addFamily(record: FamilyRecord): void {
  RECORDS[record.name] = record;
  acceptFamily(record.name, record.synonyms);
}

for (const { name, synonyms } of families()) acceptFamily(name, synonyms);
