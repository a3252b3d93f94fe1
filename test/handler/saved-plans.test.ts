import type { ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import type { Core, Instance } from '../../src/testing/core';
import { done, errors } from '../../src/testing/subject';
import { memoryBackend, startTarget, type Target } from '../../src/testing/target';

const path = '/api/v2/remotes';
const type = 'artifactapi_remote_npm';
const remote = (name: string): ValueRecord => ({ name, base_url: 'https://npm.example.com' });

let target: Target;
beforeEach(async () => void (target = await startTarget(artifactapi, memoryBackend(artifactapi))));
afterEach(() => target.stop());

/** A remote as a refresh left it in the state; `more` is what the server tells of it besides. */
async function known(name: string, more: object = {}): Promise<Instance> {
  const made = done(await (await target.core()).ensure(type, remote(name)));
  await target.outside('PUT', `${path}/${name}`, more);
  return (await (await target.core()).refresh(made)).instance as Instance;
}

/** Somebody removes what has the name and makes something else of it. */
async function replaced(name: string, object: object): Promise<void> {
  await target.outside('DELETE', `${path}/${name}`);
  await target.outside('POST', path, { name, ...object });
  target.server.calls();
}

const writes = (): string[] => target.server.calls().filter((call) => !call.startsWith('GET '));
const local = { package_type: 'generic', repo_type: 'local' };
const update = (core: Core, before: Instance) => core.plan(type, { ...remote('a'), description: 'new' }, before);
const destroy = (core: Core, before: Instance) => core.plan(type, null, before);

describe.each([
  ['delete', destroy],
  ['update', update],
] as const)('a planned %s of an object', (operation, planned) => {
  it('whose name something of another kind has by now leaves that alone, and names both', async () => {
    const before = await known('a');
    const plan = await planned(await target.core(), before);
    await replaced('a', local);
    const { instance, diagnostics } = await (await target.core()).apply(plan);
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'Another Object on the Server' })]);
    expect(diagnostics[0]?.detail).toContain(`Cannot ${operation} ${type} "a": `);
    expect(diagnostics[0]?.detail).toContain('package_type "generic" instead of "npm", repo_type "local" instead of "remote"');
    expect(instance?.state).toEqual(before.state);
    expect(writes()).toEqual([]);
  });

  it('that somebody made anew leaves that alone, where the server tells them apart', async () => {
    const before = await known('a', { id: 17 });
    const plan = await planned(await target.core(), before);
    await replaced('a', { package_type: 'npm', repo_type: 'remote', base_url: 'https://npm.example.com', id: 18 });
    const { instance, diagnostics } = await (await target.core()).apply(plan);
    expect(diagnostics[0]?.detail).toContain('id "18" instead of "17"');
    expect(instance?.state).toEqual(before.state);
    expect(writes()).toEqual([]);
    const read = await (await target.core()).refresh(before);
    expect(read.diagnostics).toEqual([]);
    expect((await (await target.core()).apply(await planned(await target.core(), read.instance as Instance))).diagnostics).toEqual([]);
  });

  it.each([
    ['the same in other words', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000+00:00', []],
    ['another one', '2026-01-02T03:04:05Z', '2026-01-02T03:05:05Z', ['Another Object on the Server']],
    ['none any more', '2026-01-02T03:04:05Z', null, []],
  ])('looks at when it was made: %s', async (...[, first, second, summaries]) => {
    const before = await known('a', { created_at: first });
    const plan = await planned(await target.core(), before);
    await target.outside('PUT', `${path}/a`, { created_at: second });
    const { diagnostics } = await (await target.core()).apply(plan);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(summaries);
  });
});

it.each(['delete', 'update'])(
  'a planned %s of a virtual leaves one of another package type alone, though nothing else tells them apart',
  async (operation) => {
    const virtual = 'artifactapi_virtual';
    const config = { name: 'v', package_type: 'npm', members: ['a'] };
    const before = done(await (await target.core()).ensure(virtual, config));
    const plan = await (await target.core()).plan(virtual, operation === 'delete' ? null : { ...config, description: 'new' }, before);
    await target.outside('DELETE', '/api/v2/virtuals/v');
    await target.outside('POST', '/api/v2/virtuals', { ...config, package_type: 'helm' });
    target.server.calls();
    const { instance, diagnostics } = await (await target.core()).apply(plan);
    expect(diagnostics[0]?.detail).toContain(
      `Cannot ${operation} ${virtual} "v": since the last refresh, another object has taken its name, one with package_type "helm" instead of "npm"`,
    );
    expect([instance?.state, writes()]).toEqual([before.state, []]);
  },
);

it('an update of what is gone says so and makes nothing; a delete of it has nothing to do', async () => {
  const before = await known('a');
  const plans = [await update(await target.core(), before), await destroy(await target.core(), before)] as const;
  await target.outside('DELETE', `${path}/a`);
  target.server.calls();
  const updated = await (await target.core()).apply(plans[0]);
  expect(errors(updated.diagnostics)).toEqual([expect.objectContaining({ summary: 'Object Is Gone' })]);
  expect(updated.instance?.state).toEqual(before.state);
  expect(await (await target.core()).apply(plans[1])).toEqual({ instance: undefined, diagnostics: [] });
  expect(writes()).toEqual([]);
});

it('at refresh another kind under the name is a lost object, with a warning; the create then names what is there', async () => {
  const before = await known('a');
  await replaced('a', local);
  const core = await target.core();
  const { instance, diagnostics } = await core.refresh(before);
  expect(instance).toBeUndefined();
  expect(diagnostics).toEqual([
    expect.objectContaining({
      severity: 'warning',
      summary: 'Object Is Gone',
      detail: expect.stringContaining('repo_type "local" instead of "remote"') as string,
    }),
  ]);
  const created = await core.ensure(type, remote('a'));
  expect(created.instance).toBeUndefined();
  expect(created.diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: 'Object of Another Type' })]);
  expect(writes()).toEqual([]);
});

it('many deletes are confirmed by one GET and one list, and not by one that was begun before the apply', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `remote-${index}`);
  const made = await Promise.all(names.map((name) => known(name, { base_url: 'https://npm.example.com' })));
  const core = await target.core();
  for (const instance of made) await core.refresh(instance);
  const plans = await Promise.all(made.map((instance) => destroy(core, instance)));
  await replaced('remote-7', local);
  const applied = await Promise.all(plans.map((plan) => core.apply(plan)));
  expect(applied.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary))).toEqual(['Another Object on the Server']);
  const calls = target.server.calls();
  expect(calls.filter((call) => call.startsWith('DELETE '))).toHaveLength(29);
  expect(calls.filter((call) => call.startsWith('GET ')).length).toBeLessThanOrEqual(2);
});
