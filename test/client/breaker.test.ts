import { ApiError } from '../../src/schema/define/errors';
import { Breaker } from '../../src/client/breaker';

const failure = new ApiError('no answer', { code: 'timeout', method: 'GET', url: 'http://a' });
const never = new AbortController().signal;

describe('a breaker', () => {
  let clock: number;
  const breakerOf = (retries: number): Breaker => new Breaker({ retries, baseDelay: 100, requestTimeout: 1000, now: () => clock });
  /** A try from now on, which fails after so long. */
  const fail = (breaker: Breaker, lasts: number): void => {
    const startedAt = clock;
    clock += lasts;
    breaker.report({ startedAt, failure });
  };
  beforeEach(() => void (clock = 0));

  it('opens after as many tries in a row as one request has, not earlier', () => {
    const breaker = breakerOf(2);
    for (const open of [false, false, true]) {
      fail(breaker, 1000);
      expect(breaker.isOpen).toBe(open);
      clock += 200;
    }
  });

  it('counts tries that fail together as one', () => {
    const breaker = breakerOf(1);
    clock = 1000;
    for (let index = 0; index < 20; index += 1) breaker.report({ startedAt: index, failure });
    expect(breaker.isOpen).toBe(false);
  });

  it('gives calls that fail at once the pauses that one request would make', () => {
    const breaker = breakerOf(4);
    // Many requests, whose tries follow closely.
    while (clock < 1490) {
      fail(breaker, 0);
      expect(breaker.isOpen).toBe(false);
      clock += 10;
    }
    clock = 1500;
    fail(breaker, 0);
    expect(breaker.isOpen).toBe(true);
  });

  it('stays closed while anything is answered', () => {
    const breaker = breakerOf(1);
    for (let index = 0; index < 20; index += 1) {
      fail(breaker, 1000);
      breaker.report({ startedAt: clock });
    }
    expect(breaker.isOpen).toBe(false);
  });

  it('refuses at once where nothing ever answered, lets one probe through after a while, and closes when it is answered', async () => {
    const breaker = breakerOf(0);
    fail(breaker, 1000);
    expect(await breaker.enter(never)).toBe(failure);
    clock += 10_000;
    expect([await breaker.enter(never), await breaker.enter(never)]).toEqual([undefined, failure]);
    fail(breaker, 1000);
    expect(await breaker.enter(never)).toBe(failure);
    clock += 10_000;
    expect(await breaker.enter(never)).toBeUndefined();
    breaker.report({ startedAt: clock });
    expect([breaker.isOpen, await breaker.enter(never), await breaker.enter(never)]).toEqual([false, undefined, undefined]);
  });

  it('lets another one probe when a probe was called off', async () => {
    const breaker = breakerOf(0);
    fail(breaker, 1000);
    clock += 10_000;
    expect(await breaker.enter(never)).toBeUndefined();
    breaker.abandon();
    expect(await breaker.enter(never)).toBeUndefined();
  });
});
