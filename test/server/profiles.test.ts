import { expect, test } from 'vitest';
import { parseSpec } from '../../core/spec/parse.ts';
import { type ProfileIo, Profiles, requestOf } from '../../server/data/profiles.ts';
import { profileOfCsv } from '../core/rules/profileOfCsv.ts';
import { manufacturingCsv, SPEC } from './manufacturing.ts';

/** A data file whose version can be changed and whose readings are counted. */
function counted() {
  const state = { readings: 0, version: '1' as string | null, fail: false };
  const io: ProfileIo = {
    version: async () => state.version,
    profile: async ({ group }) => {
      state.readings += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (state.fail) throw new Error('no');
      return { ...profileOfCsv(manufacturingCsv(10), group), version: String(state.version) };
    },
  };
  return { state, profiles: new Profiles(io) };
}

const request = (text = SPEC) => requestOf(parseSpec(text).spec!, '/home/ada/spec.hmask.json', ['/home/ada']);
const straight = <T>(work: () => Promise<T>) => work();

test('a file is read once for a version, however often it is asked for', async () => {
  const { state, profiles } = counted();
  expect(profiles.held('a', request())).toEqual({ profile: null, current: false });
  await Promise.all([
    profiles.refresh('a', request(), straight),
    profiles.refresh('a', request(), straight),
    profiles.refresh('b', request(), straight),
  ]);
  expect(state.readings).toBe(1);
  expect(await profiles.refresh('a', request(SPEC.replace('"seed": 42', '"seed": 1')), straight)).toBe(false);
  expect(state.readings).toBe(1);
  expect(profiles.held('a', request())).toMatchObject({ current: true, profile: { rows: 10 } });
});

test('a new version, group or column is read anew, and the old profile serves until then', async () => {
  const { state, profiles } = counted();
  await profiles.refresh('a', request(), straight);
  state.version = '2';
  const pending = profiles.refresh('a', request(), straight);
  expect(profiles.held('a', request()).profile?.version).toBe('1');
  expect(await pending).toBe(true);
  expect(profiles.held('a', request()).profile?.version).toBe('2');
  const other = request(SPEC.replace('"group": "Product_Group"', '"group": "Other"'));
  expect(profiles.held('a', other)).toMatchObject({ current: false, profile: { version: '2' } });
  await profiles.refresh('a', other, straight);
  expect(state.readings).toBe(3);
  // Going back costs nothing.
  expect(profiles.held('a', request()).current).toBe(true);
  await profiles.refresh('a', request(), straight);
  expect(state.readings).toBe(3);
});

test('a reading that fails is tried again', async () => {
  const { state, profiles } = counted();
  state.fail = true;
  await expect(profiles.refresh('a', request(), straight)).rejects.toThrow('no');
  state.fail = false;
  expect(await profiles.refresh('a', request(), straight)).toBe(true);
  expect(state.readings).toBe(2);
});

test('columns come and go without a new reading, as long as all that is asked was read', async () => {
  const { state, profiles } = counted();
  await profiles.refresh('a', request(), straight);
  const misspelt = request(SPEC.replace('"Feed_Speed", ', '"Feed_Sp", '));
  const fewer = request(SPEC.replace('"Feed_Speed", ', ''));
  for (const other of [misspelt, fewer]) {
    expect(profiles.held('a', other).current).toBe(true);
    expect(await profiles.refresh('a', other, straight)).toBe(false);
  }
  expect(state.readings).toBe(1);
  // One more column can be judged but for its correlations, which need a reading.
  const other = counted();
  await other.profiles.refresh('a', fewer, straight);
  expect(other.profiles.held('a', request()).current).toBe(true);
  expect(await other.profiles.refresh('a', request(), straight)).toBe(true);
  expect(other.state.readings).toBe(2);
});

test('a document keeps its profile, however many others are open', async () => {
  const { profiles } = counted();
  const of = (n: number) => requestOf(parseSpec(SPEC).spec!, `/home/ada/${n}.hmask.json`, ['/home/ada']);
  for (let n = 0; n < 12; n++) await profiles.refresh(String(n), of(n), straight);
  for (let n = 0; n < 12; n++) expect(profiles.held(String(n), of(n)).current, String(n)).toBe(true);
});

test('folders that were added let a file be read that lay outside', async () => {
  const { state, profiles } = counted();
  await profiles.refresh('a', request(), straight);
  const wider = requestOf(parseSpec(SPEC).spec!, '/home/ada/spec.hmask.json', ['/home/ada', '/data']);
  expect(profiles.held('a', wider).current).toBe(false);
  expect(await profiles.refresh('a', wider, straight)).toBe(true);
  expect(state.readings).toBe(2);
});

test('a file that is not there is looked for again only when files have changed', async () => {
  const { state, profiles } = counted();
  state.version = null;
  await profiles.refresh('a', request(), straight);
  expect(await profiles.refresh('a', request(), straight)).toBe(false);
  expect(await profiles.refresh('a', request(), straight, true)).toBe(true);
  expect(state.readings).toBe(2);
});
