import { ApiError } from '../../src/schema/define/errors';
import { withRetry } from '../../src/client/retry';

const error = new ApiError('busy', { code: 'busy', method: 'GET', url: 'http://a' });
const policy = { retries: 2, baseDelay: 1000, signal: new AbortController().signal };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it.each([
  ['as long as the server asked', 5000, 5000],
  ['a moment when it asked for no more', 1, 1],
  ['half a minute at the most', 3_600_000, 30_000],
])('waits before the next try %s', async (_, after, wait) => {
  const attempt = jest.fn().mockResolvedValueOnce({ error, retryable: true, after }).mockResolvedValue({ answer: 'done' });
  const answer = withRetry(attempt, policy);
  await jest.advanceTimersByTimeAsync(wait - 1);
  expect(attempt).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1);
  await expect(answer).resolves.toBe('done');
  expect(attempt).toHaveBeenCalledTimes(2);
});

it('waits longer from try to try when the server asks for nothing, and ends with the last failure', async () => {
  const times: number[] = [];
  const attempt = jest.fn(() => Promise.resolve(void times.push(Date.now())).then(() => ({ error, retryable: true })));
  const failed = expect(withRetry(attempt, policy)).rejects.toBe(error);
  await jest.advanceTimersByTimeAsync(10_000);
  await failed;
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(pauses.map((pause, index) => pause >= 500 * 2 ** index && pause <= 1500 * 2 ** index)).toEqual([true, true]);
});
