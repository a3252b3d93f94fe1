import { expectBytes, Ledger, Outages, WrongResult } from '../../scripts/soak/ledger';
import { Random } from '../../scripts/soak/random';
import { FAULTS, type FaultKind, Upstream } from '../../scripts/soak/upstream';
import { growthOf, type Sample } from '../../scripts/soak/watch';

const body = Buffer.from('what the source has, and enough of it to be cut');

test('a failure is expected only while something was told to fail, and wrong content never', async () => {
  const ledger = new Ledger('it');
  const outages = new Outages();
  const step = { client: 'c', what: 'w', excuses: [outages] };
  const fail = (cause: Error) => ledger.take(step, () => Promise.reject(cause));
  await fail(new Error('before'));
  const end = outages.begin('an outage');
  await fail(new Error('meanwhile'));
  await ledger.take(step, () => Promise.resolve(expectBytes('x', Buffer.from('other'), body)));
  await fail(new WrongResult('not empty'));
  await ledger.take(step, () => Promise.resolve(expectBytes('x', Buffer.from(body), body)));
  end(-1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await fail(new Error('after'));
  expect(ledger.lines.get('c')).toMatchObject({ done: 1, expected: 1, unexpected: 4 });
  expect(ledger.broken.map((each) => /(before|meanwhile|SHA-256|not empty|after)/.exec(each.split('):')[1] ?? '')?.[0])).toEqual([
    'before',
    'SHA-256',
    'not empty',
    'after',
  ]);
});

test('a step that has to succeed is repeated, and given up only after some tries, however long they take', async () => {
  const ledger = new Ledger('it', { ms: 0, tries: 3, pause: 0 });
  const outages = new Outages();
  outages.begin('an outage');
  const step = { client: 'c', what: 'w', excuses: [outages] };
  let left = 2;
  const recovers = () => (left-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve());
  expect([await ledger.persist(step, recovers), ledger.broken]).toEqual([true, []]);
  expect(await ledger.persist(step, () => Promise.reject(new Error('down')))).toBe(false);
  expect(ledger.broken).toEqual([expect.stringContaining('c: w did not succeed in 3 tries, at last: down')]);
});

test('growth is that of the second half, and medians count, not single samples', () => {
  const samples = (heaps: readonly number[]) =>
    heaps.map((heapUsed, at) => ({ at, memory: { heapUsed } as NodeJS.MemoryUsage })) as unknown as Sample[];
  const times = { from: 0, to: 20 };
  const warming = [10, 40, 70, 90, 95, 98, 99, 99, 99, 99];
  expect(growthOf(samples([...warming, ...Array<number>(10).fill(100)]), times)).toBe(0);
  expect(growthOf(samples([...warming, 100, 100, 500, 100, 100, 100, 100, 100, 100, 100]), times)).toBe(0);
  expect(growthOf(samples([...warming, 100, 102, 104, 106, 108, 110, 112, 114, 116, 118]), times)).toBeCloseTo(0.096, 3);
  expect(growthOf(samples(warming.slice(0, 5)), times)).toBeUndefined();
});

test('the same seed gives the same, and each actor has numbers of its own', () => {
  const numbers = (random: Random) => Array.from({ length: 5 }, () => random.next());
  expect(numbers(new Random('a').of('x'))).toEqual(numbers(new Random('a').of('x')));
  expect(numbers(new Random('a').of('x'))).not.toEqual(numbers(new Random('a').of('y')));
});

const seen: Record<FaultKind, string> = {
  ...{ 500: '500', 503: '503', 429: '429', slow: 'right', wrong: 'wrong' },
  ...{ cut: 'broken', 'chunks cut': 'broken', reset: 'broken', refused: 'broken', silent: 'broken' },
};

test.each(FAULTS)('an upstream that is told to fail by "%s" does so, and is well again', async (kind) => {
  const upstream = await Upstream.start(() => ({ body, isAnnounced: true }));
  const get = async () => {
    const response = await fetch(upstream.url);
    const found = Buffer.from(await response.arrayBuffer());
    return response.ok ? (found.equals(body) ? 'right' : 'wrong') : String(response.status);
  };
  try {
    expect(await get()).toBe('right');
    const over = upstream.failFor(kind, 400);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await get().catch(() => 'broken')).toBe(seen[kind]);
    await over;
    expect(await get()).toBe('right');
    expect(upstream.outages.touch(0, Date.now())).toBe(kind !== 'slow');
  } finally {
    await upstream.stop();
  }
});
