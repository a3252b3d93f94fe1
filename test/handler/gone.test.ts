import type { ValueRecord } from '../../src/common/value';
import { GoneTogether } from '../../src/handler/gone';
import { artifactapi } from '../../src/resources/artifactapi';
import type { Core, Instance, Told } from '../../src/testing/core';
import type { FaultKind } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { readData } from '../../src/testing/read-subject';
import { registryTarget } from '../support/contract-targets';
import type { Target } from '../../src/testing/target';

const base = '/api/v2';
const remote = 'artifactapi_remote_npm';
const local = 'artifactapi_local_generic';
const file = 'artifactapi_local_file';
const configs: readonly (readonly [type: string, config: ValueRecord])[] = [
  [remote, { name: 'npm', base_url: 'https://npm.example.com' }],
  [local, { name: 'files' }],
  [file, { repository: 'files', path: 'a/b.txt', content: 'hello' }],
  ['artifactapi_virtual', { name: 'all', package_type: 'npm', members: ['npm'] }],
];
const types = configs.map(([type]) => type);

/** What stands where the server should be, or before it. */
const absent: readonly (readonly [string, FaultKind])[] = [
  ['plain text and 404', { status: 404, text: '404 page not found' }],
  ['a page and 404', { status: 404, text: '<html><title>Not Found</title></html>', headers: { 'content-type': 'text/html' } }],
  ['JSON and 404', { status: 404, text: '{"detail":"no Route matched"}', headers: { 'content-type': 'application/json' } }],
  ['410', { status: 410, text: 'gone' }],
];

let target: Target;
let core: Core;
let made: ReadonlyMap<string, Instance>;
const of = (type: string): Instance => made.get(type) as Instance;

beforeEach(async () => {
  target = await registryTarget(artifactapi, true);
  const entries: [string, Instance][] = [];
  const maker = await target.core();
  for (const [type, config] of configs) entries.push([type, done(await maker.ensure(type, config))]);
  made = new Map(entries);
  core = await target.core();
  target.server.calls();
});
afterEach(() => target.stop());

const summaries = (told: readonly Told[]): string[] => told.map(({ severity, summary }) => `${severity}: ${summary}`);
const unproven = ['error: Unexpected Answer'];

describe.each(absent)('where everything answers %s', (_, kind) => {
  beforeEach(() => target.server.fault({ kind, times: Infinity }));

  it.each(types)('%s is not gone: a refresh is an error, and the state is kept', async (type) => {
    const { instance, diagnostics } = await core.refresh(of(type));
    expect([instance, summaries(diagnostics)]).toEqual([of(type), unproven]);
    expect(diagnostics[0]?.detail).toMatch(
      /this may come from a gateway or a wrong path, because nothing else confirms that the server is there/,
    );
  });

  it.each(types)('%s is not deleted: a destroy is an error, and the state is kept', async (type) => {
    const prior = { ...of(type), state: { ...(of(type).state as ValueRecord), ...(type === local && { force_destroy: true }) } };
    const { instance, diagnostics } = await core.apply(await core.plan(type, null, prior));
    expect([instance, summaries(diagnostics)]).toEqual([prior, unproven]);
  });

  it('a local whose files cannot be seen is not deleted', async () => {
    expect(summaries((await core.plan(local, null, of(local))).diagnostics)).toEqual(unproven);
  });

  it('nothing is imported, and no data source says that there is nothing', async () => {
    expect(summaries((await core.import(remote, 'npm')).diagnostics)).toEqual(unproven);
    const configured: readonly (readonly [string, ValueRecord])[] = [
      ['artifactapi_remote', { name: 'npm' }],
      ['artifactapi_virtual', { name: 'all' }],
      ['artifactapi_objects', { repository: 'files', repo_type: 'local' }],
    ];
    for (const [type, config] of configured) {
      const { state, errors } = await readData(core, type, config);
      expect([type, state, errors]).toEqual([type, null, [expect.stringMatching(/^Unexpected Answer: .*gateway or a wrong path/)]]);
    }
  });
});

/** A proof, and what else the server may refuse beside it. */
const proofs: readonly (readonly [string, RegExp])[] = [
  ['its list', /^(?!\/api\/v2\/virtuals$)/],
  ['a root list', /^(?!\/api\/v2\/remotes$)/],
  ['its version', /^(?!\/version$)/],
];

describe('a virtual that is not found', () => {
  it.each(proofs)('is gone when the server shows itself by %s', async (_, others) => {
    await target.outside('DELETE', `${base}/virtuals/all`);
    target.server.fault({ kind: { status: 404, text: 'not found' }, path: others, times: Infinity });
    const { instance, diagnostics } = await core.refresh(of('artifactapi_virtual'));
    expect(instance).toBeUndefined();
    expect(summaries(diagnostics)).toEqual(['warning: Object Is Gone']);
  });

  it('is not gone when only a health page answers', async () => {
    target.server.fault({ kind: { status: 404, text: 'not found' }, path: /^(?!.*\/health$)/, times: Infinity });
    const { instance } = await core.refresh(of('artifactapi_virtual'));
    expect(instance).toEqual(of('artifactapi_virtual'));
  });

  it.each<[string, FaultKind]>([
    ['a page for the list', { status: 200, text: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } }],
    ['the same JSON for everything', { status: 200, text: '{"status":"ok"}', headers: { 'content-type': 'application/json' } }],
    ['a list of what has no name', { status: 200, text: '[{"status":"ok"}]', headers: { 'content-type': 'application/json' } }],
    ['a version of its own', { status: 200, text: '{"version":"9.1"}', headers: { 'content-type': 'application/json' } }],
  ])('is not gone when a gateway has %s', async (_, kind) => {
    target.server.fault({ kind: { status: 404, text: 'not found' }, path: /virtuals\/all$/, times: Infinity });
    target.server.fault({ kind, times: Infinity });
    expect((await core.refresh(of('artifactapi_virtual'))).instance).toEqual(of('artifactapi_virtual'));
  });
});

describe('a page in the place of a file', () => {
  const page: FaultKind = { status: 200, text: '<html>Back soon</html>', headers: { 'content-type': 'text/html' } };
  const notListed = ['error: Unexpected Answer'];

  it.each<[string, RegExp]>([
    ['every path', /./],
    ['every file', /^\/api\/v1\//],
  ])('is no other content when it stands at %s', async (_, path) => {
    target.server.fault({ kind: page, path, times: Infinity });
    const refreshed = await core.refresh(of(file));
    expect([refreshed.instance, summaries(refreshed.diagnostics)]).toEqual([of(file), notListed]);
    expect(summaries((await core.import(file, 'files/a/b.txt')).diagnostics)).toEqual(notListed);
  });

  it('lets no file be deleted', async () => {
    target.server.fault({ kind: page, times: Infinity });
    const { instance, diagnostics } = await core.apply(await core.plan(file, null, of(file)));
    expect([instance, summaries(diagnostics)]).toEqual([of(file), notListed]);
  });

  it('is told from a file that somebody else has put there', async () => {
    const path = `${base}/remotes/files/files/a/b.txt`;
    await target.outside('DELETE', path);
    await target.outside('PUT', path, 'other');
    const { instance, diagnostics } = await core.refresh(of(file));
    expect([instance?.state, diagnostics]).toEqual([expect.objectContaining({ size: 7 }), []]);
  });
});

describe('a "not found" of a moment', () => {
  it.each(types)('removes no %s from the state', async (type) => {
    target.server.fault({ kind: { status: 404, text: 'not found' }, method: 'GET' });
    expect(await core.refresh(of(type))).toMatchObject({ instance: { state: of(type).state }, drift: [], diagnostics: [] });
  });

  it('is an error when the list has what it denies', async () => {
    target.server.fault({ kind: { status: 404, text: 'not found' }, path: /remotes\/npm$/, times: Infinity });
    const { instance, diagnostics } = await core.refresh(of(remote));
    expect(instance).toEqual(of(remote));
    expect(diagnostics).toEqual([expect.objectContaining({ detail: expect.stringMatching(/but the server lists the object/) as unknown })]);
    const destroyed = await core.apply(await core.plan(remote, null, of(remote)));
    expect(destroyed.instance).toEqual(of(remote));
  });

  it('deletes no local whose files it hides', async () => {
    target.server.fault({ kind: { status: 404, text: 'not found' }, path: /objects\?/ });
    expect(summaries((await core.plan(local, null, of(local))).diagnostics)).toEqual(['error: Not Found']);
  });
});

it('a delete of what is gone is done, where the server shows itself', async () => {
  await target.outside('DELETE', `${base}/virtuals/all`);
  const plan = await core.plan('artifactapi_virtual', null, of('artifactapi_virtual'));
  expect(await core.apply(plan)).toEqual({ instance: undefined, diagnostics: [] });
});

it('one showing serves all who were told "not found" before it', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `gone-${index}`);
  const instances = await Promise.all(names.map(async (name) => done(await core.ensure(local, { name }))));
  for (const name of names) await target.outside('DELETE', `${base}/remotes/${name}`);
  core = await target.core();
  target.server.calls();
  const read = await Promise.all(instances.map((instance) => core.refresh(instance)));
  expect(read.map(({ instance }) => instance)).toEqual(names.map(() => undefined));
  const calls = target.server.calls();
  expect(names.map((name) => calls.filter((call) => call === `GET ${base}/remotes/${name}`).length)).toEqual(names.map(() => 1));
  // One list answers the reads, and the showings begin while others are under way.
  expect(calls.length - names.length).toBeLessThanOrEqual(4);
});

it('a server that lacks all of a kind and has other things is not called empty', async () => {
  await target.outside('DELETE', `${base}/virtuals/all`);
  expect(summaries((await core.refresh(of('artifactapi_virtual'))).diagnostics)).toEqual(['warning: Object Is Gone']);
});

it('a server that was emptied is told of once, with how many objects and which endpoint', async () => {
  for (const path of ['virtuals/all', 'remotes/npm', 'remotes/files/files/a/b.txt', 'remotes/files'])
    await target.outside('DELETE', `${base}/${path}`);
  const read = await Promise.all(types.map((type) => core.refresh(of(type))));
  expect(read.map(({ instance }) => instance)).toEqual(types.map(() => undefined));
  expect(read.flatMap(({ diagnostics }) => diagnostics)).toEqual([
    expect.objectContaining({
      severity: 'warning',
      summary: 'Server Is Empty',
      detail: expect.stringMatching(
        new RegExp(`^The server at ${target.server.endpoint} answers, but its lists are empty: 4 objects in this state are gone`),
      ) as unknown,
    }),
  ]);
});

it('a server that was emptied is told of again only when twice as many are gone, so that one after the other does not take long', async () => {
  const together = new GoneTogether();
  const counts: (number | undefined)[] = [];
  for (let index = 0; index < 7; index += 1) counts.push(await together.add());
  expect(counts).toEqual([1, 2, undefined, 4, undefined, undefined, undefined]);
}, 10_000);
