import { describe, expect, it } from 'vitest';
import { assertNever } from './assert-never.ts';
import { createBackoff } from './backoff.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';
import { sleep } from './sleep.ts';
import { createSubscribable } from './subscribable.ts';

describe('subscribable', () => {
  it('tells listeners of changes only, and stops after unsubscribing', () => {
    const source = createSubscribable(1);
    const heard: number[] = [];
    const stop = source.subscribe((value) => heard.push(value));
    source.set(1);
    source.set(2);
    stop();
    stop();
    source.set(3);
    expect(heard).toEqual([2]);
    expect(source.value).toBe(3);
  });

  it('tells everybody the newest value last when a listener sets again', () => {
    const source = createSubscribable(0);
    const heard: number[] = [];
    source.subscribe((value) => value === 1 && source.set(2));
    source.subscribe((value) => heard.push(value));
    source.set(1);
    expect(heard).toEqual([2]);
  });

  it('calls the rest when one listener throws, and lets the setter know', () => {
    const source = createSubscribable(0);
    const heard: number[] = [];
    source.subscribe(() => {
      throw new Error('first');
    });
    source.subscribe((value) => heard.push(value));
    expect(() => source.set(1)).toThrow('first');
    expect(heard).toEqual([1]);
  });

  it('does not call a listener that an earlier one unsubscribed', () => {
    const source = createSubscribable(0);
    const heard: number[] = [];
    let stop: () => void = () => undefined;
    source.subscribe(() => stop());
    stop = source.subscribe((value) => heard.push(value));
    source.set(1);
    expect(heard).toEqual([]);
  });

  it('compares with the given equality', () => {
    const source = createSubscribable({ n: 1 }, (a, b) => a.n === b.n);
    const first = source.value;
    source.set({ n: 1 });
    expect(source.value).toBe(first);
  });
});

describe('SYNC-4 backoff', () => {
  it('grows to the ceiling with full jitter and starts over after a reset', () => {
    const backoff = createBackoff({ minMs: 100, maxMs: 1000, random: () => 0.999999 });
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([99, 199, 399, 799, 999, 999]);
    backoff.reset();
    expect(backoff.attempt).toBe(0);
    expect(backoff.next()).toBe(99);
  });

  it('can wait as little as nothing: the jitter is full', () => {
    expect(createBackoff({ minMs: 100, maxMs: 1000, random: () => 0 }).next()).toBe(0);
  });

  it("adds the jitter on top of a server's minimum", () => {
    const backoff = createBackoff({ minMs: 100, maxMs: 1000, random: () => 0.5 });
    expect(backoff.next(5000)).toBe(5050);
  });

  it('stays finite after thousands of attempts, and refuses senseless settings', () => {
    const backoff = createBackoff({ minMs: 1, maxMs: 30_000, random: () => 0.5 });
    for (let i = 0; i < 5000; i++) backoff.next();
    expect(backoff.next()).toBe(15_000);
    expect(() => createBackoff({ minMs: 0, maxMs: 1, random: Math.random })).toThrow(RangeError);
  });
});

describe('base64', () => {
  it('knows the vectors of RFC 4648', () => {
    const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
    const encoded = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
    expect(texts.map((text) => toBase64(new TextEncoder().encode(text)))).toEqual(encoded);
    expect(toBase64Url(Uint8Array.of(251, 255))).toBe('-_8');
  });

  it('refuses what is not canonical', () => {
    for (const text of ['Z', 'Zg=', 'Zg===', 'Zh==', 'Zm9v\n', 'Zm9ü', '-_8=', 'Z=g=']) {
      expect(fromBase64(text), text).toBeUndefined();
    }
    expect(fromBase64('Zg')).toEqual(Uint8Array.of(102));
    expect(fromBase64Url('+/8')).toBeUndefined();
    expect(fromBase64Url('Zg==')).toBeUndefined();
  });
});

describe('sleep', () => {
  it('ends early when the signal aborts, before or during the wait', async () => {
    const abort = new AbortController();
    const long = sleep(60_000, abort.signal);
    abort.abort();
    await long;
    await sleep(60_000, abort.signal);
    await sleep(0);
  });
});

describe('assertNever', () => {
  it('throws without showing the data', () => {
    expect(() => assertNever({ email: 'a@b' } as never)).toThrow('unexpected value: object');
  });
});
