import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { memoryBackend, providerCore, startTarget } from '../../src/testing/target';

const upstream = { base_url: 'https://upstream.example.com' };
const remote = { name: 'x', ...upstream };
const docker = 'an image of it cannot be named: in a reference, HOST/NAME/IMAGE, there are only small letters and digits';
const namespace = 'its providers have no source address: in HOST/NAME/TYPE there are only letters, digits, "_" and "-", 64 at the most';
const password =
  '"username" is set, but neither "password_wo" nor "password" is, so requests to the upstream use an empty password. Set "password_wo", or remove "username".';

type Row = readonly [what: string, type: string, config: ValueRecord, path: string, detail: string];

const told: readonly Row[] = [
  [
    'capitals for docker',
    'artifactapi_remote_docker',
    { ...upstream, name: 'Hub' },
    'name',
    `"name": the server accepts "Hub", but ${docker}`,
  ],
  ['two dots for docker', 'artifactapi_local_docker', { name: 'a..b' }, 'name', `"name": the server accepts "a..b", but ${docker}`],
  [
    'capitals for docker in a virtual',
    'artifactapi_virtual',
    { name: 'All', package_type: 'docker', members: ['hub'] },
    'name',
    `"name": the server accepts "All", but ${docker}`,
  ],
  [
    'a dot in a namespace',
    'artifactapi_local_terraform',
    { name: 'acme.io' },
    'name',
    `"name": the server accepts "acme.io", but ${namespace}`,
  ],
];

const silent: readonly (readonly [what: string, type: string, config: ValueRecord])[] = [
  ['names that docker takes', 'artifactapi_remote_docker', { ...upstream, name: 'docker-hub_1.mirror--x__y' }],
  ['capitals elsewhere', 'artifactapi_remote_npm', { ...remote, name: 'Npm' }],
  ['capitals in a virtual of another type', 'artifactapi_virtual', { name: 'All', package_type: 'npm', members: ['npm'] }],
  ['a dot in the name of a terraform remote', 'artifactapi_remote_terraform', { ...upstream, name: 'registry.example' }],
  ['a namespace', 'artifactapi_local_terraform', { name: 'Acme_1-x' }],
  ['a name that is not known', 'artifactapi_local_docker', { name: UNKNOWN }],
  ['a virtual of a type that is not known', 'artifactapi_virtual', { name: 'All', package_type: UNKNOWN, members: ['npm'] }],
  ['a user with a password', 'artifactapi_remote_npm', { ...remote, username: 'ci', password: 'p' }],
  ['a user with a write-only password', 'artifactapi_remote_npm', { ...remote, username: 'ci', password_wo: 'p' }],
  ['a user with a password that is not known', 'artifactapi_remote_npm', { ...remote, username: 'ci', password_wo: UNKNOWN }],
  ['a user that is not known', 'artifactapi_remote_npm', { ...remote, username: UNKNOWN }],
  ['an empty user', 'artifactapi_remote_npm', { ...remote, username: '' }],
];

describe('validation warns of', () => {
  it.each(told)('%s', async (...[, type, config, path, detail]) => {
    const [first, ...others] = await providerCore(artifactapi).core.validate(type, config);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ severity: 'warning', path });
    expect(first?.detail.slice(0, detail.length)).toBe(detail);
  });
});

describe('validation says nothing of', () => {
  it.each(silent)('%s', async (_, type, config) => {
    expect(await providerCore(artifactapi).core.validate(type, config)).toEqual([]);
  });
});

test('a plan warns of a new remote with a user and no password, and not of one that is there', async () => {
  const target = await startTarget(artifactapi, memoryBackend(artifactapi));
  const core = await target.core();
  const config = { ...remote, username: 'ci' };
  const [warning, ...others] = (await core.plan('artifactapi_remote_npm', config)).diagnostics;
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ severity: 'warning', path: 'username', detail: expect.stringContaining(password) as string });
  const { instance } = await core.ensure('artifactapi_remote_npm', config);
  expect((await core.plan('artifactapi_remote_npm', { ...config, description: 'other' }, instance)).diagnostics).toEqual([]);
  await target.stop();
});
