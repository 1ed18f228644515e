/** Whether a value of unknown making is what a type says: for what a webview sends, which may be anything. */

export type Guard<T> = (value: unknown) => value is T;

/** Longer names and sentences come from no page of ours. */
const LONGEST_TEXT = 100_000;
/** Longer lists do not either. */
const MOST_ITEMS = 100_000;

export const text: Guard<string> = (value): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT;

/** Text that may be a file. */
export const content: Guard<string> = (value): value is string => typeof value === 'string';

export const finite: Guard<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value);

export const positive: Guard<number> = (value): value is number => finite(value) && value > 0;

/** A whole number in bounds. */
export const whole =
  (least: number, most: number): Guard<number> =>
  (value): value is number =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

export const literals =
  <T extends string>(...values: readonly T[]): Guard<T> =>
  (value): value is T =>
    (values as readonly unknown[]).includes(value);

export const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value);

export const listOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= MOST_ITEMS && value.every(guard);

export const pairOf =
  <A, B>(first: Guard<A>, second: Guard<B>): Guard<readonly [A, B]> =>
  (value): value is readonly [A, B] =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);

/** A guard a field. */
export type Fields<T> = { readonly [K in keyof T]-?: Guard<T[K]> };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with these fields, its own, and no others. */
export const object =
  <T>(fields: Fields<T>): Guard<T> =>
  (value): value is T =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.entries<Guard<unknown>>(fields).every(([key, guard]) => Object.hasOwn(value, key) && guard(value[key]));

/** The fields beside `kind`, a kind. */
export type Kinds<U extends { readonly kind: string }> = {
  readonly [K in U['kind']]: Fields<Omit<Extract<U, { readonly kind: K }>, 'kind'>>;
};

/** One of a union that its `kind` tells apart. */
export const oneOf =
  <U extends { readonly kind: string }>(kinds: Kinds<U>): Guard<U> =>
  (value): value is U => {
    if (!isObject(value) || !Object.hasOwn(value, 'kind') || typeof value.kind !== 'string' || !Object.hasOwn(kinds, value.kind))
      return false;
    const { kind, ...rest } = value;
    return object<object>(kinds[kind as U['kind']] as Fields<object>)(rest);
  };
