import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';

describe('Philox4x32-10', () => {
  // The known-answer tests that Salmon et al. publish with Random123 (kat_vectors): counter and key all zeros.
  it('gives the published words for a zero counter and key', () => {
    const rng = Rng.of(0, 0);
    expect([rng.word(), rng.word(), rng.word(), rng.word()]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  it('takes every bit of a seed', () => {
    const first = (seed: number): number => Rng.of(seed, 0).word();
    const seeds = [5, 5 + 2 ** 32, 5 + 2 ** 33, 5 + 2 ** 52, Number.MAX_SAFE_INTEGER, 2 ** 32 - 1];
    expect(new Set(seeds.map(first)).size).toBe(seeds.length);
    // As drawn before seeds above 2³² were told apart.
    expect(first(5)).toBe(0xc417681d);
  });

  it('goes on from any saved place', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(1000), fc.nat(40), (seed, stream, skipped) => {
        const rng = Rng.of(seed, stream);
        for (let i = 0; i < skipped; i++) rng.normal();
        const again = Rng.restore(structuredClone(rng.save()));
        for (let i = 0; i < 20; i++) expect(again.normal()).toBe(rng.normal());
      }),
    );
  });

  it('has streams that share nothing', () => {
    const words = new Set<number>();
    for (let stream = 0; stream < 50; stream++) {
      const rng = Rng.of(7, stream);
      for (let i = 0; i < 100; i++) words.add(rng.word());
    }
    expect(words.size).toBeGreaterThan(4990);
  });

  it.each([
    ['uniform', (r: Rng) => r.uniform(), 1 / 2, 1 / 12],
    ['normal', (r: Rng) => r.normal(), 0, 1],
    ['exponential', (r: Rng) => r.exponential(), 1, 1],
  ] as const)('draws %s numbers of the right mean and variance', (_, draw, mean, variance) => {
    const rng = Rng.of(11, 3);
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = draw(rng);
      sum += x;
      squares += (x - mean) ** 2;
    }
    expect(Math.abs(sum / n - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    expect(Math.abs(squares / n / variance - 1)).toBeLessThan(5 * Math.sqrt(8 / n));
  });
});
