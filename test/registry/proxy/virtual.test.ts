import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const files = (status: number, text: string) => upstream((_request, response) => void response.writeHead(status).end(text));

test('a file comes from the first member that has it', async () => {
  const [internal, open] = [await files(404, 'no'), await files(200, 'open')];
  const { url } = await registry();
  await addRemote(url, { name: 'internal', package_type: 'generic', base_url: internal.url });
  await addRemote(url, { name: 'open', package_type: 'generic', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'generic', members: ['internal', 'open'] });
  expect((await call('GET', `${url}/api/v1/virtual/v/tool.tgz`)).text).toBe('open');
});

test('a member that is down does not let a later one answer for its files', async () => {
  const [internal, open] = [await files(200, 'internal'), await files(200, 'open')];
  const { url } = await registry();
  await addRemote(url, { name: 'internal', package_type: 'generic', base_url: internal.url });
  await addRemote(url, { name: 'open', package_type: 'generic', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'generic', members: ['internal', 'open'] });
  await internal.stop();
  expect((await call('GET', `${url}/api/v1/virtual/v/tool.tgz`)).status).toBe(502);
  expect(open.requests).toHaveLength(0);
});
