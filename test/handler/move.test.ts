import { composeProvider } from '../../src/compose';

const provider = composeProvider('artifactapi', () => {}, {});
const move = (data: unknown, targetType = 'artifactapi_remote_npm', sourceType = 'restapi_object') =>
  provider.move({
    sourceProvider: 'registry.terraform.io/mastercard/restapi',
    sourceType,
    sourceVersion: 0,
    targetType,
    json: JSON.stringify({ id: 'npm', path: '/api/v2/remotes', data: typeof data === 'string' ? data : JSON.stringify(data) }),
  });
const body = {
  name: 'npm',
  package_type: 'npm',
  base_url: 'https://npm.example.com',
  mutable_ttl: 300,
  password: 'hidden',
  patterns: ['^a'],
};

describe('a moved block from restapi_object', () => {
  it('makes state of what was sent, without its secrets', async () => {
    const { state, identity, diagnostics } = await move(body);
    expect(diagnostics).toEqual([]);
    expect(identity).toEqual({ name: 'npm' });
    expect(state).toMatchObject({
      name: 'npm',
      base_url: 'https://npm.example.com',
      mutable_ttl: 300,
      patterns: ['^a'],
      blocklist: [],
      password: null,
    });
    expect(JSON.stringify(state)).not.toContain('hidden');
  });

  it.each([
    [
      'another type of object',
      move({ ...body, package_type: 'helm' }),
      'The restapi_object is not of type artifactapi_remote_npm: package_type is "helm", not "npm". Use the matching resource type in the moved block.',
    ],
    [
      'no JSON',
      move('not json'),
      'The state of the restapi_object holds no JSON object in "data", so it cannot become artifactapi_remote_npm. Import it instead.',
    ],
    [
      'no name',
      move({ ...body, name: undefined }),
      'The "data" of the restapi_object lacks name, required to identify artifactapi_remote_npm. Import it instead.',
    ],
    [
      'wrong types',
      move({ ...body, patterns: 'x' }),
      'The "data" of the restapi_object does not fit artifactapi_remote_npm: patterns should be a list but is string.',
    ],
    [
      'another source',
      move(body, 'artifactapi_remote_npm', 'random_id'),
      'A random_id cannot become artifactapi_remote_npm; only a restapi_object can. Write a removed block for the old resource and an import block for the new one.',
    ],
  ])('refuses %s', async (_, answer, detail) => {
    const { state, diagnostics } = await answer;
    expect(state).toBeNull();
    expect(diagnostics).toEqual([{ severity: 'error', summary: 'Move Not Possible', detail }]);
  });
});

describe('state that the original provider wrote', () => {
  it('is taken over: what is empty there is not set here, what it lacks is filled in by the next read', async () => {
    const json = JSON.stringify({
      name: 'npm',
      base_url: 'https://npm.example.com',
      description: '',
      username: '',
      password: '',
      immutable_ttl: 0,
      mutable_ttl: 300,
      patterns: [],
      blocklist: null,
    });
    const { state, diagnostics } = await provider.upgradeState({ type: 'artifactapi_remote_npm', version: 0, json });
    expect(diagnostics).toEqual([]);
    expect(state).toMatchObject({
      name: 'npm',
      description: '',
      password: null,
      password_wo: null,
      patterns: [],
      blocklist: null,
      url: null,
    });
  });

  it('is taken over by a moved block of the same type as well', async () => {
    const { state, diagnostics } = await provider.move({
      sourceProvider: 'git.unkin.net/unkin/artifactapi',
      sourceType: 'artifactapi_local_npm',
      sourceVersion: 0,
      targetType: 'artifactapi_local_npm',
      json: '{"name":"own","description":"ours"}',
    });
    expect(diagnostics).toEqual([]);
    expect(state).toEqual({ name: 'own', description: 'ours', url: null, upload_url: null, force_destroy: null, timeouts: null });
  });

  it('is kept as it is when it is ours', async () => {
    const first = await provider.upgradeState({
      type: 'artifactapi_local_npm',
      version: 0,
      json: '{"name":"a","description":"","url":"u","force_destroy":false,"timeouts":null}',
    });
    expect(first.state).toEqual({ name: 'a', description: '', url: 'u', upload_url: null, force_destroy: false, timeouts: null });
  });
});
