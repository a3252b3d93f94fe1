import { call, cleanUp, registry, tempFolder } from '../helpers';
import { basic } from './support';

afterEach(cleanUp);

const APIS = [
  { name: 'bkrepo', api: 'BK-Repo', known: 'password', path: '/repository/api/project/list' },
  { name: 'kubesphere', api: 'KubeSphere', known: 'P@88w0rd', path: '/kapis/application.kubesphere.io/v2/repos' },
] as const;

test.each(APIS)('where others reach $api, nobody logs in with the password that everybody knows', async ({ name, api, known, path }) => {
  const data = tempFolder();
  const backend = { data, backends: [name], [name]: { port: 0 } } as const;
  const status = async (url: string, password: string) => {
    const { port, pathname } = new URL(url);
    return (await call('GET', `http://127.0.0.1:${port}${pathname.replace(/\/$/, '')}${path}`, { headers: basic(password, 'admin') }))
      .status;
  };
  // The quickstart is as it was.
  const local = await registry(backend);
  expect(await status(local.url, known)).toBe(200);
  await local.close();

  const wide = { ...backend, host: '0.0.0.0' };
  const refusal = `the user "admin" of ${api} has the password "${known}", which everybody knows, and others can reach this address; set another one with --${name}-admin-password`;
  await expect(registry(wide)).rejects.toThrow(refusal);
  await expect(registry({ ...wide, data: tempFolder() })).rejects.toThrow(refusal);
  await expect(registry({ ...wide, [name]: { port: 0, adminPassword: known } })).rejects.toThrow(refusal);
  // What a user has not chosen is replaced; what is chosen stays.
  for (const adminPassword of ['first', 'second', undefined]) {
    const { url, close } = await registry({ ...wide, [name]: { port: 0, ...(adminPassword !== undefined && { adminPassword }) } });
    expect(await Promise.all([known, 'first', 'second'].map((password) => status(url, password)))).toEqual([401, 200, 401]);
    await close();
  }
  const open = await registry({ ...wide, data: tempFolder(), insecure: true });
  expect(await status(open.url, known)).toBe(200);
});
