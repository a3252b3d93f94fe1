import { PassThrough } from 'node:stream';
import { silent } from '../../../src/registry/logger';
import { Counter, Histogram } from '../../../src/registry/operations/tally';
import { Guard } from '../../../src/registry/proxy/guard';
import { type UpstreamAnswer, type UpstreamRequest } from '../../../src/registry/proxy/upstream';

test('a repository that goes takes the series of its own remotes along, and of no project that has its name', async () => {
  const requests = new Counter({ name: 'requests', help: '', labels: ['remote', 'outcome'] });
  const seconds = new Histogram({ name: 'seconds', help: '', labels: ['remote'] }, [1]);
  const guard = new Guard({ logger: silent, requests, seconds });
  const answer = { status: 200, body: new PassThrough() } as unknown as UpstreamAnswer;
  const named = async () => (await requests.get()).values.map(({ labels }) => labels['remote']);
  for (const name of ['pp', 'pp/far/remote', 'pp/far2/remote', 'pp/other/remote']) {
    const remote = { name, base_url: 'http://upstream.invalid', updated_at: '' } as UpstreamRequest['remote'];
    await guard.send({ remote } as UpstreamRequest, () => Promise.resolve(answer));
  }
  guard.forget('pp');
  expect(await named()).toEqual(['pp/far/remote', 'pp/far2/remote', 'pp/other/remote']);
  guard.forget('pp/far');
  expect(await named()).toEqual(['pp/far2/remote', 'pp/other/remote']);
});
