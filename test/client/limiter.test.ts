import { Limiter } from '../../src/client/limiter';

/** A clock that the test moves. */
function clock(): { now: () => number; pass: (milliseconds: number) => void } {
  let time = 0;
  return { now: () => time, pass: (milliseconds) => (time += milliseconds) };
}

describe('Limiter', () => {
  it('never runs more calls at once than the maximum, and runs all of them in order', async () => {
    const limiter = new Limiter(3);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        limiter.run(async () => {
          order.push(index);
          most = Math.max(most, (running += 1));
          await new Promise(setImmediate);
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('halves when the server is strained, once for calls that were under way together', () => {
    const time = clock();
    const limiter = new Limiter(20, time.now);
    limiter.report({ strained: true, startedAt: time.now() });
    limiter.report({ strained: true, startedAt: time.now() });
    expect(limiter.current).toBe(10);
    time.pass(100);
    limiter.report({ strained: true, startedAt: time.now() });
    expect(limiter.current).toBe(5);
  });

  it('keeps one place, whatever happens', () => {
    const time = clock();
    const limiter = new Limiter(4, time.now);
    for (let i = 0; i < 10; i += 1) {
      limiter.report({ strained: true, startedAt: time.now() });
      time.pass(1000);
    }
    expect(limiter.current).toBe(1);
  });

  it('takes one more after a round of good answers, and is slow to try again what was too much', () => {
    const limiter = new Limiter(4, clock().now);
    limiter.report({ strained: true, startedAt: 1 });
    expect(limiter.current).toBe(2);
    for (let i = 0; i < 2; i += 1) limiter.report({ strained: false, startedAt: 0, latency: 10 });
    expect(limiter.current).toBe(3);
    for (let i = 0; i < 74; i += 1) limiter.report({ strained: false, startedAt: 0, latency: 10 });
    expect(limiter.current).toBe(3);
    for (let i = 0; i < 2; i += 1) limiter.report({ strained: false, startedAt: 0, latency: 10 });
    expect(limiter.current).toBe(4);
  });

  it('slows down when answers take many times as long as they did', () => {
    const time = clock();
    const limiter = new Limiter(20, time.now);
    for (let i = 0; i < 20; i += 1) limiter.report({ strained: false, startedAt: time.now(), latency: 20 });
    for (let i = 0; i < 5; i += 1) {
      limiter.report({ strained: false, startedAt: time.now(), latency: 2000 });
      time.pass(3000);
    }
    expect(limiter.current).toBeLessThan(20);
  });

  it('does not take slow writes after quick reads for a server that slows down', () => {
    const time = clock();
    const limiter = new Limiter(20, time.now);
    for (let i = 0; i < 20; i += 1) limiter.report({ strained: false, startedAt: time.now(), latency: 20, kind: 'GET' });
    for (let i = 0; i < 20; i += 1) {
      limiter.report({ strained: false, startedAt: time.now(), latency: 2000, kind: 'POST' });
      time.pass(3000);
    }
    expect(limiter.current).toBe(20);
  });

  it('settles where answers of a server that works on them in turn come in time', () => {
    const time = clock();
    const limiter = new Limiter(50, time.now);
    const seen: number[] = [];
    for (let round = 0; round < 400; round += 1) {
      const startedAt = time.now();
      const together = round === 0 ? 1 : limiter.current;
      time.pass(30 * together);
      for (let i = 0; i < together; i += 1) limiter.report({ strained: false, startedAt, latency: 30 * together, kind: 'GET' });
      seen.push(limiter.current);
    }
    // Up to 8 together take less than 8 times what one takes.
    expect(Math.max(...seen.slice(100))).toBeLessThanOrEqual(10);
    expect(Math.min(...seen.slice(100))).toBeGreaterThanOrEqual(2);
  });

  it('gives the place back when a call fails', async () => {
    const limiter = new Limiter(1);
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limiter.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
