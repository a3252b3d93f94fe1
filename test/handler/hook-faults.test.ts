import { type Instance } from '../../src/testing/core';
import { providerCore } from '../../src/testing/target';
import {
  type ApiClient,
  ApiError,
  attr,
  AttributeError,
  connection,
  defineDataSource,
  defineProvider,
  defineResource,
  error,
  type JsonObject,
  PartialCreateError,
  type ProviderDefinition,
  secret,
  UnexpectedAnswer,
  z,
} from '../../src/schema/define';
import { startServer, type TestServer } from '../../src/testing/http-server';

/** Hooks of all kinds; each works until a test puts something else in its place. */
type Hooks = Record<
  | 'read'
  | 'create'
  | 'update'
  | 'remove'
  | 'fetch'
  | 'scope'
  | 'keyOf'
  | 'check'
  | 'planCheck'
  | 'upgrader'
  | 'derive'
  | 'connect'
  | 'undeletable'
  | 'guard',
  (...given: never[]) => unknown
>;

const objects = new Map<string, JsonObject>();
const works: Hooks = {
  read: ({ key }: { key: { name: string } }) => Promise.resolve(objects.get(key.name)),
  create: ({ body }: { body: JsonObject }) => Promise.resolve(void objects.set(String(body['name']), body)),
  update: ({ key, body }: { key: { name: string }; body: JsonObject }) => Promise.resolve(void objects.set(key.name, body)),
  remove: ({ key }: { key: { name: string } }) => Promise.resolve(void objects.delete(key.name)),
  fetch: () => Promise.resolve([...objects.values()]),
  scope: () => 'teams',
  keyOf: (entry: { name: string }) => ({ name: entry.name }),
  check: () => [],
  planCheck: () => Promise.resolve([]),
  upgrader: (state: object) => state,
  derive: ({ name }: { name: string }) => `url of ${name}`,
  connect: ({ client }: { client: unknown }) => client,
  undeletable: () => ({ severity: 'warning', summary: 'Stays', detail: 'It stays.' }),
  guard: () => Promise.resolve([]),
};

function providerOf(replaced: Partial<Hooks>): ProviderDefinition {
  const hooks = { ...works, ...replaced } as Record<keyof Hooks, never>;
  const team = defineResource({
    type: 'acme_team',
    description: 'A team.',
    attributes: {
      name: attr(z.string(), 'Name.', { forceNew: true }),
      note: attr(z.string().default(''), 'Note.'),
      loss: attr(z.boolean().default(false), 'Whether members may be lost.', { api: false }),
      url: attr(z.string(), 'Its page.', { computed: true }),
      ...secret('password', 'Password.'),
    },
    key: ['name'],
    derived: { url: hooks.derive },
    read: hooks.read,
    create: hooks.create,
    update: hooks.update,
    remove: hooks.remove,
    list: { scope: hooks.scope, fetch: hooks.fetch, keyOf: hooks.keyOf },
    checks: [hooks.check],
    planChecks: [hooks.planCheck],
    upgraders: [hooks.upgrader],
    version: 1,
    undeletable: hooks.undeletable,
    deleteGuard: { allow: 'loss', childType: 'acme_team', list: hooks.guard },
    example: { minimal: { name: 'core' }, full: { name: 'core' } },
  });
  return defineProvider({
    name: 'acme',
    title: 'Acme',
    description: 'Acme.',
    attributes: connection('Acme'),
    connect: hooks.connect,
    resources: [team],
    dataSources: [
      defineDataSource({
        type: 'acme_one',
        description: 'One.',
        attributes: { name: attr(z.string(), 'Name.') },
        read: hooks.read,
        example: { name: 'core' },
      }),
    ],
    example: {},
  });
}

let server: TestServer;
beforeAll(async () => void (server = await startServer(() => ({ status: 404 }))));
afterAll(() => server.stop());
beforeEach(() => objects.clear());

const password = 'pa55-of-the-team';
const config = { name: 'core', note: 'n', password };

/** What of a whole life one hook is in: create, refresh, update, delete. */
async function live(replaced: Partial<Hooks>) {
  // What connect is given is secret by the provider block, all else by the resource.
  const login = replaced.connect ? { token: password } : {};
  const { core, logs } = providerCore(providerOf(replaced));
  const said: { severity: string; detail: string }[] = [];
  const hear = <T extends { readonly diagnostics: readonly { severity: string; summary: string; detail: string }[] }>(answer: T): T => {
    said.push(...answer.diagnostics.map(({ severity, summary, detail }) => ({ severity, detail: `${summary}: ${detail}` })));
    return answer;
  };
  hear({ diagnostics: await core.configure({ endpoint: server.endpoint, list_max_age: 0, ...login }) });
  return { core, logs, said, hear };
}

/** An instance that was made while all was well. */
async function made(): Promise<Instance> {
  const { core, hear } = await live({});
  const { instance } = hear(await core.ensure('acme_team', config));
  if (!instance) throw new Error('it should have been made');
  return instance;
}

type Step = (life: Awaited<ReturnType<typeof live>>, prior: Instance) => Promise<Instance | undefined>;
const refresh: Step = async ({ core, hear }, prior) => hear(await core.refresh(prior)).instance;
const create: Step = async ({ core, hear }) => hear(await core.ensure('acme_team', { ...config, name: 'new' })).instance;
const plan: Step = async ({ core, hear }, prior) => {
  hear(await core.plan('acme_team', { ...config, note: 'other' }, prior));
  return prior;
};
const update: Step = async ({ core, hear }, prior) => hear(await core.ensure('acme_team', { ...config, note: 'other' }, prior)).instance;
const destroy: Step = async ({ core, hear }, prior) => hear(await core.apply(hear(await core.plan('acme_team', null, prior)))).instance;
const upgrade: Step = async ({ core, hear }, prior) => {
  const rawState = { json: Buffer.from(JSON.stringify(prior.state)) };
  const answer = await core.client.call('UpgradeResourceState', { typeName: 'acme_team', version: 0n, rawState });
  hear({ diagnostics: answer.diagnostics.map(({ summary, detail }) => ({ severity: 'error', summary, detail })) });
  return prior;
};
const nothing: Step = (_, prior) => Promise.resolve(prior);

/** Each hook, the step that calls it, its name in messages, and what it must not return. */
const table: readonly (readonly [hook: keyof Hooks, step: Step, name: RegExp, nonsense: readonly unknown[]])[] = [
  ['read', refresh, /the hook read of acme_team "core"/, [null, 'a text', 7, [], [{ name: 'core' }]]],
  ['create', create, /the hook create of acme_team "new"/, ['a text', 7, [], true]],
  ['update', update, /the hook update of acme_team "core"/, ['a text', 7, []]],
  ['remove', destroy, /the hook remove of acme_team "core"/, []],
  ['check', update, /the hook checks\[0\] of acme_team "core"/, [undefined, null, 'a text', ['a text'], [null], Promise.resolve([])]],
  ['planCheck', plan, /the hook planChecks\[0\] of acme_team "core"/, [undefined, null, 'a text', [7], {}]],
  ['upgrader', upgrade, /the hook upgraders\[0\] of acme_team/, [undefined, null, 'a text', [], Promise.resolve({})]],
  ['derive', create, /the hook derived\.url of acme_team/, [7, [], {}, Promise.resolve(7)]],
  ['guard', destroy, /the hook deleteGuard of acme_team "core"/, [undefined, null, 'a text', [7]]],
  ['undeletable', destroy, /the hook undeletable of acme_team "core"/, [undefined, 'a text', {}]],
  ['connect', nothing, /the hook connect of the provider acme/, [undefined, null, {}, 'a text', Promise.resolve(7)]],
];

const throwing =
  (thrown: unknown): (() => never) =>
  () => {
    throw thrown;
  };
const thrown: readonly (readonly [string, unknown])[] = [
  ['a TypeError', new TypeError(`no property of undefined, with ${password}`)],
  ['a text', 'oops'],
  ['nothing', undefined],
];
const cases = table.flatMap(([hook, step, name, nonsense]) => [
  ...thrown.map(([what, value]) => [hook, `throws ${what}`, throwing(value), { step, name }] as const),
  ...(['remove', 'check', 'undeletable', 'upgrader'].includes(hook)
    ? []
    : [[hook, 'rejects', () => Promise.reject(new RangeError('out of range')), { step, name }] as const]),
  ...nonsense.map(
    (value) =>
      [hook, `returns ${typeof value} ${value instanceof Promise ? 'later' : JSON.stringify(value)}`, () => value, { step, name }] as const,
  ),
]);

it.each(cases)('%s: one that %s is told by name, and no state is lost', async (...[hook, what, replacement, { step, name }]) => {
  const prior = await made();
  const life = await live({ [hook]: replacement });
  const kept = await step(life, prior);
  const told = life.said.filter(({ detail }) => name.test(detail));
  expect(life.said.map(({ detail }) => detail).join('\n')).toMatch(name);
  expect(new Set(told.map(({ detail }) => detail.replace(/^.*?the hook/, ''))).size).toBe(1);
  const words = [...life.said.map(({ detail }) => detail), ...life.logs].join('\n');
  expect([/\n\s+at /.test(life.said.map(({ detail }) => detail).join()), words.includes(password)]).toEqual([false, false]);
  if (what === 'throws a TypeError')
    expect(life.logs.some((line) => line.includes('"debug"') && line.includes('hook-faults.test'))).toBe(true);
  if (hook !== 'create' && hook !== 'derive') expect(kept?.state).toBeDefined();
});

it('keeps as tainted what a create made before it failed by itself', async () => {
  const half: Hooks['create'] = async ({ body }: { body: JsonObject }) => {
    objects.set(String(body['name']), body);
    await Promise.resolve();
    throw new TypeError('the answer has no id');
  };
  const { core } = await live({ create: half });
  const { instance, diagnostics } = await core.ensure('acme_team', config);
  expect([instance?.tainted, instance?.state]).toMatchObject([true, { name: 'core' }]);
  expect(diagnostics.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/kept in the state as tainted.*the hook create of acme_team "core" threw: the answer has no id/),
  ]);
});

type Said = { readonly values: { readonly password?: string } };
const saying =
  (make: (message: string) => Error): Hooks['create'] =>
  ({ values }: Said) =>
    Promise.reject(make(`it was given ${values.password}`));

it.each<[string, Partial<Hooks>]>([
  ['an AttributeError', { create: saying((message) => new AttributeError(message, 'password')) }],
  ['a frozen AttributeError', { create: saying((message) => Object.freeze(new AttributeError(message, 'password'))) }],
  ['an UnexpectedAnswer', { create: saying((message) => new UnexpectedAnswer(message)) }],
  ['an ApiError', { create: saying((message) => new ApiError(message, { code: 'invalid', method: 'GET', url: '' })) }],
  ['a PartialCreateError', { create: saying((message) => new PartialCreateError(new UnexpectedAnswer(message))) }],
  ['a check', { check: (config: { password: string }) => [error('Bad', `it was given ${config.password}`, ['password'])] }],
  [
    'a check at plan',
    { planCheck: ({ planned }: { planned: { password: string } }) => [error('Bad', `it was given ${planned.password}`, ['password'])] },
  ],
])('%s that says a secret is told without it', async (_, hooks) => {
  const { core } = await live(hooks);
  const { diagnostics } = await core.ensure('acme_team', config);
  expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringContaining('it was given (sensitive)')]);
});

it('writes no secret to the log, wherever in a line a hook puts it', async () => {
  const create: Hooks['create'] = ({ client, values, body }: { client: ApiClient; body: JsonObject } & Said) => {
    const secret = values.password ?? '';
    const cyclic: Record<string, unknown> = { deep: [secret], big: 2n ** 60n };
    cyclic['self'] = cyclic;
    client.log(`made with ${secret}`, { [secret]: 1, size: 3, text: secret, nested: cyclic as never });
    objects.set(String(body['name']), body);
    return Promise.resolve();
  };
  const { core, logs } = await live({ create });
  expect((await core.ensure('acme_team', config)).diagnostics).toEqual([]);
  expect(logs.filter((line) => line.includes('made with'))).toEqual([expect.stringContaining('"size":3')]);
  expect(logs.join('\n')).not.toContain(password);
});

it.each<[string, unknown]>([
  ['has no text', Object.create(null)],
  ['throws when it is looked at', Object.defineProperty({}, 'name', { get: throwing(new Error('inner')) })],
])('what a hook throws that %s is told by the name of the hook', async (_, value) => {
  const { core } = await live({ create: throwing(value) });
  const { diagnostics } = await core.ensure('acme_team', config);
  expect(diagnostics.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('the hook create of acme_team "core" threw: an object'),
  ]);
});

it.each<[string, JsonObject, RegExp]>([
  ['without its key', { note: 'n' }, /it has no name/],
  ['that is another one', { name: 'other', note: 'n' }, /The request was for the acme_team with name "core".*with name "other"/],
  ['with a wrong type', { name: 'core', note: 7 }, /acme_team.*note/],
])('an object %s is told, and the state stays', async (_, object, words) => {
  const prior = await made();
  const life = await live({ read: () => Promise.resolve(object) });
  expect([(await refresh(life, prior))?.state, life.said.map(({ detail }) => detail)]).toEqual([
    prior.state,
    [expect.stringMatching(words)],
  ]);
});

it.each<[string, Partial<Hooks>]>([
  ['fetch returns a text', { fetch: () => Promise.resolve('a text') }],
  ['fetch returns a list of texts', { fetch: () => Promise.resolve(['a text']) }],
  ['fetch throws', { fetch: throwing(new TypeError('boom')) }],
  ['keyOf throws', { keyOf: throwing(new TypeError('boom')) }],
])('a list whose %s is told in the log, and objects are read one by one', async (_, hooks) => {
  const prior = await made();
  const { core, logs } = providerCore(providerOf(hooks));
  await core.configure({ endpoint: server.endpoint });
  for (let read = 0; read < 3; read += 1) expect((await core.refresh(prior)).instance?.state).toEqual(prior.state);
  expect(logs.filter((line) => /"warn".*the hook list\.\w+ of acme_team/.test(line))).toHaveLength(1);
});
