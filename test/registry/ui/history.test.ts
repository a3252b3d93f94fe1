import { TrafficHistory } from '../../../src/registry/operations/history';
import { Histogram } from '../../../src/registry/operations/tally';
import { Traffic } from '../../../src/registry/operations/traffic';

function traffic(): Traffic {
  return new Traffic('artifactapi', new Histogram({ name: 'seconds', help: '', labels: ['backend', 'type'] }, [1]));
}
const passed = { type: 'npm', repository: 'npm', status: 200, seconds: 0.1, received: 10, sent: 100 };

test('each point has what happened since the one before, and the last one what has happened since', () => {
  const one = traffic();
  const history = new TrafficHistory(() => [one], { everyMs: 3_600_000 });
  one.add({ ...passed, source: 'miss' });
  history.look();
  one.add({ ...passed, source: 'hit' });
  one.add({ ...passed, source: 'hit', repository: 'pypi' });
  one.add({ ...passed, source: '' });
  expect(history.points()).toMatchObject([
    { hit: 0, miss: 1, stale: 0, sent: 100 },
    { hit: 2, miss: 0, stale: 0, sent: 300 },
  ]);
  history.stop();
});

test('what a repository counted that is gone since is not taken back', () => {
  const one = traffic();
  const history = new TrafficHistory(() => [one], { everyMs: 3_600_000 });
  for (const repository of ['npm', 'gone']) one.add({ ...passed, source: 'hit', repository });
  history.look();
  one.add({ ...passed, source: 'hit', repository: 'gone' });
  one.forget('gone');
  expect([...one.series()].map(({ repository }) => repository)).toEqual(['npm']);
  expect(history.points()).toMatchObject([
    { hit: 2, sent: 200 },
    { hit: 1, sent: 100 },
  ]);
  history.stop();
});

test('a request that outlives its repository begins no series anew, and is counted all the same', () => {
  const one = traffic();
  const history = new TrafficHistory(() => [one], { everyMs: 3_600_000 });
  one.add({ ...passed, source: 'hit', repository: 'gone' });
  one.forget('gone');
  one.add({ ...passed, source: 'miss', repository: 'gone', seconds: 3600 });
  expect([...one.series()]).toEqual([]);
  expect(history.points()).toMatchObject([{ hit: 1, miss: 1, sent: 200 }]);
  one.add({ ...passed, source: 'miss', repository: 'gone', seconds: 0 });
  expect([...one.series()]).toMatchObject([{ repository: 'gone', sent: 100 }]);
  history.stop();
});

test('it forgets the oldest points, so that it never grows', () => {
  const one = traffic();
  const history = new TrafficHistory(() => [one], { everyMs: 3_600_000, keep: 3 });
  for (let round = 1; round <= 10; round++) {
    for (let request = 0; request < round; request++) one.add({ ...passed, source: 'stale' });
    history.look();
  }
  expect(history.points().map(({ stale }) => stale)).toEqual([8, 9, 10, 0]);
  history.stop();
});
