import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { type Answer, startServer, type TestServer } from '../../src/testing/http-server';
import { done, errors } from '../../src/testing/subject';
import { MemoryApi } from '../../src/testing/memory-api';
import { configured, providerCore } from '../../src/testing/target';

const type = 'artifactapi_remote_npm';
const plain: ValueRecord = { name: 'npm', base_url: 'https://npm.example.com', username: 'me' };
const secret = (password: string | typeof UNKNOWN, version?: number): ValueRecord => ({
  ...plain,
  password_wo: password,
  ...(version !== undefined && { password_wo_version: version }),
});

let api: MemoryApi;
let server: TestServer;
const answer: Answer = (got) => api.answer(got);
const core = (): ReturnType<typeof configured> =>
  configured(artifactapi, { endpoint: server.endpoint, max_retries: 0, request_timeout: 2 });
const sent = (): unknown[] =>
  server.log.filter(({ method }) => method === 'POST' || method === 'PUT').map(({ json }) => (json as ValueRecord)['password']);

beforeEach(async () => {
  api = new MemoryApi('/api/v2/remotes');
  server = await startServer(answer);
});
afterEach(() => server.stop());

describe('a write-only secret', () => {
  it('is in no state, private state, log or message, and is sent once', async () => {
    const { core: one, logs } = providerCore(artifactapi);
    await one.configure({ endpoint: server.endpoint });
    const made = done(await one.ensure(type, secret('hunter2')));
    expect(made.state).toMatchObject({ password_wo: null, password: null, password_wo_revision: 1, password_wo_version: null });
    expect(JSON.stringify([made, logs]) + Buffer.from(made.private).toString()).not.toContain('hunter2');
    expect((await (await core()).plan(type, secret('hunter2'), made)).action).toBe('none');
    expect(sent()).toEqual(['hunter2']);
  });

  it('that changed raises the counter, and only that, and is sent', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    const plan = await (await core()).plan(type, secret('two'), made);
    expect([plan.action, plan.changes]).toEqual(['update', ['password_wo_revision']]);
    const after = done(await (await core()).apply(plan));
    expect(after.state).toMatchObject({ password_wo_revision: 2 });
    expect((await (await core()).plan(type, secret('two'), after)).action).toBe('none');
    expect(sent()).toEqual(['one', 'two']);
  });

  it('with a version of the user is not hashed; the version alone decides', async () => {
    const made = done(await (await core()).ensure(type, secret('one', 1)));
    expect(Buffer.from(made.private).toString()).toBe('');
    expect((await (await core()).plan(type, secret('two', 1), made)).action).toBe('none');
    const plan = await (await core()).plan(type, secret('two', 2), made);
    expect(plan.changes).toEqual(['password_wo_version']);
    done(await (await core()).apply(plan));
    expect(sent()).toEqual(['one', 'two']);
  });

  it('that is not known at plan is not judged', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    expect((await (await core()).plan(type, secret(UNKNOWN), made)).action).toBe('none');
  });

  it('that is not known at plan is settled at apply when something else changes', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    const one = await core();
    const after = done(
      await one.apply(await one.plan(type, { ...secret(UNKNOWN), description: 'new' }, made), { ...secret('two'), description: 'new' }),
    );
    expect(after.state).toMatchObject({ description: 'new', password_wo_revision: 2 });
    expect((await (await core()).plan(type, { ...secret('two'), description: 'new' }, after)).action).toBe('none');
  });

  it('brings one update after an import', async () => {
    done(await (await core()).ensure(type, secret('one')));
    const imported = done(await (await core()).import(type, 'npm'));
    const plan = await (await core()).plan(type, secret('one'), imported);
    expect([plan.action, plan.changes]).toEqual(['update', ['password_wo_revision']]);
    const after = done(await (await core()).apply(plan));
    expect((await (await core()).plan(type, secret('one'), after)).action).toBe('none');
  });

  it('that is null in a plan, ignored or taken out, changes nothing and is not sent, whatever the configuration holds at apply', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    expect((await (await core()).plan(type, plain, made)).action).toBe('none');
    const plan = await (await core()).plan(type, { ...plain, description: 'new' }, made);
    expect(plan.changes).toEqual(['description']);
    // As core does for ignore_changes: null in the plan, and the secret itself at apply.
    const { state, private: bytes } = await (
      await core()
    ).provider.apply({
      type,
      prior: made.state,
      planned: plan.planned,
      config: { ...(plan.config as ValueRecord), password_wo: 'two' },
      private: plan.private,
    });
    expect(state).toMatchObject({ description: 'new', password_wo_revision: 1 });
    expect(sent()).toEqual(['one', undefined]);
    const after = { ...made, state, private: bytes ?? new Uint8Array() };
    expect((await (await core()).plan(type, { ...secret('one'), description: 'new' }, after)).action).toBe('none');
    expect((await (await core()).plan(type, { ...secret('two'), description: 'new' }, after)).changes).toEqual(['password_wo_revision']);
  });

  it('that is empty clears it, once', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    const after = done(await (await core()).ensure(type, secret(''), made));
    expect(after.state).toMatchObject({ password_wo_revision: 2 });
    expect((await (await core()).plan(type, secret(''), after)).action).toBe('none');
    expect(sent()).toEqual(['one', '']);
  });

  it('goes along unchanged with an update of something else, where the server may empty what it is not sent', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    done(await (await core()).ensure(type, { ...secret('one'), description: 'new' }, made));
    expect(sent()).toEqual(['one', 'one']);
  });

  it('that moves to the plain attribute and back is sent each time', async () => {
    const made = done(await (await core()).ensure(type, secret('one')));
    const open = done(await (await core()).ensure(type, { ...plain, password: 'two' }, made));
    expect(open.state).toMatchObject({ password: 'two', password_wo_revision: null });
    const back = done(await (await core()).ensure(type, secret('one'), open));
    expect(back.state).toMatchObject({ password: null, password_wo_revision: 1 });
    expect(sent()).toEqual(['one', 'two', 'one']);
  });
});

describe('a create', () => {
  it('whose answer is lost is taken over when all is as it was sent', async () => {
    server.fault({ kind: 'lost', method: 'POST' });
    expect(done(await (await core()).ensure(type, plain)).tainted).toBeUndefined();
    expect(api.objects.size).toBe(1);
  });

  it('whose answer is lost leaves alone what is there and differs', async () => {
    const one = await core();
    const plan = await one.plan(type, plain);
    const first = api.answer;
    Object.assign(api, {
      answer: (got: Parameters<Answer>[0]) =>
        got.method === 'POST' ? (api.objects.set('npm', { name: 'npm', base_url: 'https://other.example.com' }), undefined) : first(got),
    });
    const { instance, diagnostics } = await one.apply(plan);
    expect(instance).toBeUndefined();
    expect(errors(diagnostics)).toEqual([
      expect.objectContaining({
        summary: 'Already on the Server',
        detail: expect.stringContaining("terraform import artifactapi_remote_npm.<name in your configuration> 'npm'") as unknown,
      }),
    ]);
    expect(api.objects.get('npm')).toEqual({ name: 'npm', base_url: 'https://other.example.com' });
  });

  it('that lost two answers is still not orphaned', async () => {
    server.fault({ kind: 'reset', method: 'POST' });
    server.fault({ kind: 'lost', method: 'POST' });
    expect(done(await (await core()).ensure(type, plain)).tainted).toBeUndefined();
    expect(server.log.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('that cannot be read back is kept as tainted, and the message says how to go on', async () => {
    const first = api.answer;
    let written = false;
    Object.assign(api, {
      answer: (got: Parameters<Answer>[0]) => {
        if (got.method === 'POST') return ((written = true), void first(got), { status: 201 });
        return written ? { status: 500, text: 'down' } : first(got);
      },
    });
    const { instance, diagnostics } = await (await core()).ensure(type, plain);
    expect(instance).toMatchObject({ tainted: true, state: { name: 'npm' } });
    expect(diagnostics[0]?.detail).toMatch(/was created and is kept in the state as tainted \(untaint it, or apply again to replace it\)/);
  });
});

describe('stored state', () => {
  const upgrade = async (version: number, json: string): Promise<unknown> =>
    (await (await core()).provider.upgradeState({ type, version, json })).diagnostics;
  it.each<[string, number, string, RegExp]>([
    ['of a newer version', 9, '{}', /was written by a newer version of the provider \(schema 9; this version supports up to 0\)/],
    ['that is no JSON', 0, '{"name":', /is not a JSON object; restore it from a backup/],
    ['that is a list', 0, '[]', /is not a JSON object/],
  ])('%s is refused', async (...[, version, json, detail]) => {
    expect(await upgrade(version, json)).toEqual([
      expect.objectContaining({ severity: 'error', summary: 'State Cannot Be Upgraded', detail: expect.stringMatching(detail) as unknown }),
    ]);
  });
});

describe('an import', () => {
  it.each([
    ['', 'Invalid Import Id'],
    ['a/b', 'Invalid Import Id'],
    ['nobody', 'Nothing to Import'],
  ])('of "%s" is refused and says what is right', async (id, summary) => {
    const { instance, diagnostics } = await (await core()).import(type, id);
    expect(instance).toBeUndefined();
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary })]);
    if (summary === 'Invalid Import Id')
      expect(diagnostics[0]?.detail).toContain(`its format is <name>, e.g. terraform import ${type}.example 'my-name'.`);
  });
});

it('plans without a connection while the provider block is not known', async () => {
  const { core: one } = providerCore(artifactapi);
  expect(await one.configure({ endpoint: UNKNOWN })).toEqual([]);
  const plan = await one.plan(type, plain);
  expect([plan.action, (plan.planned as ValueRecord)['url'], plan.diagnostics]).toEqual(['create', UNKNOWN, []]);
});
