import { setTimeout as sleep } from 'node:timers/promises';
import { eachAtOnce } from '../../../src/registry/store/at-once';

test('every item has its step once, four at a time', async () => {
  let [running, most] = [0, 0];
  const seen: number[] = [];
  const items = Array.from({ length: 50 }, (_, index) => index);
  await eachAtOnce(items, async (item) => {
    most = Math.max(most, ++running);
    await sleep(item % 3);
    seen.push(item);
    running -= 1;
  });
  expect(seen.sort((a, b) => a - b)).toEqual(items);
  expect(most).toBe(4);
  await eachAtOnce([], () => Promise.reject(new Error('there is nothing to do')));
});

test('a step that fails lets those under way end, begins no other, and is what it throws', async () => {
  const [begun, ended] = [[] as number[], [] as number[]];
  const all = eachAtOnce([0, 1, 2, 3, 4, 5, 6, 7], async (item) => {
    begun.push(item);
    await sleep(item === 2 ? 1 : 50);
    if (item === 2) throw new Error('the bucket is away');
    ended.push(item);
  });
  await expect(all).rejects.toThrow('the bucket is away');
  expect([begun, ended.sort()]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 3],
  ]);
});
