import { until } from '../../src/schema/define';
import { ApiError } from '../../src/schema/define/errors';

/** What `until` asks of a client. */
function fake() {
  const stopping = new AbortController();
  const lines: string[] = [];
  return { stopping, lines, endpoint: 'http://api', signal: stopping.signal, log: (message: string) => void lines.push(message) };
}
const after = (looks: number): (() => Promise<string | undefined>) => {
  let left = looks;
  return () => Promise.resolve((left -= 1) < 0 ? 'here' : undefined);
};
const pauses = [1, 5];

it('gives what has come, and says what it waits for once, and when that is done', async () => {
  const client = fake();
  expect(await until(client, { what: 'team "core" to be ready', read: after(6), pauses })).toBe('here');
  expect(client.lines).toEqual(['waiting for team "core" to be ready', 'waited for team "core" to be ready']);
});

it('says nothing of what is there at once', async () => {
  const client = fake();
  expect(await until(client, { what: 'it', read: after(0) })).toBe('here');
  expect(client.lines).toEqual([]);
});

it('ends with an error that names what did not come', async () => {
  await expect(until(fake(), { what: 'team "core" to be ready', read: after(Infinity), within: 30, pauses })).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/^waited 0(\.\d)? s for team "core" to be ready, but it did not happen$/) as unknown,
  });
});

it('takes failures that say "not yet" for nothing, and tells the last one in the end', async () => {
  const forbidden = new ApiError('GET http://api/x answered 403', { code: 'forbidden', method: 'GET', url: 'http://api/x' });
  const notYet = (thrown: unknown): boolean => thrown === forbidden;
  const read = (): Promise<never> => Promise.reject(forbidden);
  await expect(until(fake(), { what: 'it', read, notYet, within: 20, pauses })).rejects.toThrow(
    /it did not happen; the last answer: GET http:\/\/api\/x answered 403/,
  );
  await expect(until(fake(), { what: 'it', read, within: 20, pauses })).rejects.toBe(forbidden);
});

it.each([
  ['stopped', new DOMException('stop', 'AbortError'), 'cancelled', /it was stopped/],
  ['out of time', new DOMException('late', 'TimeoutError'), 'timeout', /the time that "timeouts" allows ran out/],
])('ends at once when the operation is %s, also where a look was under way', async (...[, reason, code, words]) => {
  for (const when of ['pausing', 'looking'] as const) {
    const client = fake();
    const began = performance.now();
    const read = (): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), when === 'looking' ? 60 : 0));
    setTimeout(() => client.stopping.abort(reason), 30);
    await expect(until(client, { what: 'it', read, pauses: [10_000] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words) as unknown,
    });
    expect(performance.now() - began).toBeLessThan(5000);
  }
});

it.each<[null | false | undefined]>([[null], [false], [undefined]])('takes %s for what has not come', async (nothing) => {
  let looks = 0;
  const read = (): Promise<string | null | false | undefined> => Promise.resolve((looks += 1) < 3 ? nothing : 'here');
  expect(await until(fake(), { what: 'it', read, pauses })).toBe('here');
});

it.each([0, ''])('takes %j for what has come', async (value) => {
  expect(await until(fake(), { what: 'it', read: () => Promise.resolve(value) })).toBe(value);
});

it('pauses between looks when it is given no pauses', async () => {
  let looks = 0;
  const read = (): Promise<undefined> => Promise.resolve(void (looks += 1));
  await expect(until(fake(), { what: 'it', read, within: 100, pauses: [] })).rejects.toMatchObject({ code: 'timeout' });
  expect(looks).toBeLessThan(5);
});

it('looks once when it is given no time, and when its time is no number', async () => {
  for (const within of [0, -1, NaN])
    await expect(until(fake(), { what: 'it', read: after(1), within })).rejects.toThrow('waited 0 s for it, but it did not happen');
});

it('ends with the operation when a look never answers', async () => {
  const client = fake();
  setTimeout(() => client.stopping.abort(new DOMException('late', 'TimeoutError')), 20);
  await expect(until(client, { what: 'it', read: () => new Promise<undefined>(() => {}) })).rejects.toMatchObject({ code: 'timeout' });
});
