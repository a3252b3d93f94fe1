import type { ValueRecord } from '../../../src/common/value';
import { bkrepo } from '../../../src/resources/bkrepo';
import { registryTarget } from '../../support/contract-targets';
import type { Core, Instance } from '../../../src/testing/core';
import type { FaultKind } from '../../../src/testing/http-server';
import { done, errors, Subject } from '../../../src/testing/subject';
import { readData } from '../../../src/testing/read-subject';
import type { Target } from '../../../src/testing/target';
import { answer, refusal } from './stand';

const page = (status: number): FaultKind => ({
  status,
  text: `<html><head><title>${status} of the gateway</title></head><body></body></html>`,
  headers: { 'content-type': 'text/html' },
});
const json = (status: number, body: unknown): FaultKind => ({ status, text: JSON.stringify(body) });

/** What says of no object that it is gone. */
const inconclusive: readonly (readonly [string, FaultKind])[] = [
  ['a page of the gateway with 404', page(404)],
  ['a page of the gateway with 410', page(410)],
  ['a page with 502', page(502)],
  ['a page with 200', page(200)],
  ['JSON of nginx with the code 404', json(404, { code: 404, message: 'not found' })],
  ['JSON of another gateway with 404 and a code of its own', json(404, { result: false, code: 1640401, message: 'API not found' })],
  ['JSON without a code and 404', json(404, { message: 'no Route matched' })],
  ['the 401 that the auth service writes by hand', json(401, { code: 401, message: 'not valid', data: null, traceId: '' })],
  ['401/250114', refusal(401, 250114)],
  ['403/250113', refusal(403, 250113)],
  ['404/250130, a service that is not deployed', refusal(404, 250130)],
  ['500/250102', refusal(500, 250102)],
  ['an empty object', json(200, {})],
  ['an envelope of another API', json(200, { code: '00', message: 'ok', data: null })],
  ['an empty answer', { status: 200, text: '' }],
];

const repositories = ['local', 'remote', 'virtual', 'composite', 'proxy'].map((category) => `bkrepo_${category}_repository`);
const nothing = [
  ['data null', answer(null)],
  ['400/251006', refusal(400, 251006)],
  ['404/251006', refusal(404, 251006)],
] as const;
const noNode = [
  ['400/251010', refusal(400, 251010)],
  ['404/251010', refusal(404, 251010)],
  ['404/251006', refusal(404, 251006)],
  ['data null', answer(null)],
] as const;
/** What says of an object that it is gone. */
const conclusive: readonly (readonly [type: string, what: string, kind: FaultKind])[] = [
  ...repositories.flatMap((type) => nothing.map((form) => [type, ...form] as const)),
  ['bkrepo_user', 'data null', answer(null)],
  ['bkrepo_user_token', 'an empty list', answer([])],
  ['bkrepo_role', 'data null', answer(null)],
  ...(['bkrepo_generic_file', 'bkrepo_node_metadata'] as const).flatMap((type) => noNode.map((form) => [type, ...form] as const)),
  ['bkrepo_node_metadata', 'no metadata', answer({})],
  ['bkrepo_repository_access_mode', 'data null', answer(null)],
];

let target: Target;
let made: ReadonlyMap<string, { readonly subject: Subject; readonly config: ValueRecord; readonly instance: Instance }>;
beforeAll(async () => {
  target = await registryTarget(bkrepo, true);
  const entries = [];
  for (const definition of bkrepo.resources) {
    const subject = new Subject(definition, target);
    const config = await subject.example('minimal', '-edge');
    entries.push([
      definition.type,
      { subject, config, instance: done(await (await target.core()).ensure(definition.type, config)) },
    ] as const);
  }
  made = new Map(entries);
});
afterAll(() => target.stop());
afterEach(() => target.server.heal());

const types = bkrepo.resources.map(({ type }) => type);
const impatient = (): Promise<Core> => target.core({ max_retries: 0 });
const of = (type: string): { subject: Subject; config: ValueRecord; instance: Instance } =>
  made.get(type) as { subject: Subject; config: ValueRecord; instance: Instance };

describe('#1, #3 what says that an object is gone', () => {
  it.each(conclusive)('#3 %s: %s', async (type, _, kind) => {
    // The list of projects is as it is: a server without any is told of in other words.
    target.server.fault({ kind, method: 'GET', path: /^(?!\/repository\/api\/project\/list$)/, times: 10 });
    const { instance, diagnostics } = await (await impatient()).refresh(of(type).instance);
    expect([instance, diagnostics.map(({ severity, summary }) => [severity, summary])]).toEqual([
      undefined,
      [['warning', 'Object Is Gone']],
    ]);
  });

  it('#3 bkrepo_project: an empty list and a "no" to whether it exists', async () => {
    target.server.fault({ kind: answer([]), path: /project\/list/, times: 10 });
    target.server.fault({ kind: answer(false), path: /project\/exist/, times: 10 });
    const { instance } = await (await impatient()).refresh(of('bkrepo_project').instance);
    expect(instance).toBeUndefined();
  });

  it('#3 bkrepo_permission: empty lists', async () => {
    target.server.fault({ kind: answer([]), path: /permission\/list/, times: 10 });
    const { instance } = await (await impatient()).refresh(of('bkrepo_permission').instance);
    expect(instance).toBeUndefined();
  });

  it.each([400, 404, 200])('#1 a delete of what is gone is done, whether 251006 comes with %i', async (status) => {
    const { subject, config } = of('bkrepo_virtual_repository');
    const own = subject.renamed(config, `-gone-${status}`);
    const before = done(await (await target.core()).ensure(subject.type, own));
    target.server.fault({ kind: refusal(status, 251006), method: 'DELETE' });
    const core = await impatient();
    expect(await core.apply(await core.plan(subject.type, null, before))).toEqual({ instance: undefined, diagnostics: [] });
  });

  it.each([400, 409, 200])('#1 the name is taken, whether 251005 comes with %i', async (status) => {
    target.server.fault({ kind: refusal(status, 251005), method: 'POST' });
    const { instance, diagnostics } = await (await impatient()).ensure('bkrepo_project', { name: 'a_race', display_name: 'A race' });
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Conflict']]);
  });
});

describe('#3 what says nothing of an object', () => {
  it.each(types.flatMap((type) => inconclusive.map(([what, kind]) => [type, what, kind] as const)))(
    '#3 %s stays in state after %s',
    async (type, what, kind) => {
      const { instance: before } = of(type);
      target.server.fault({ kind, method: 'GET', times: 10 });
      const { instance, diagnostics } = await (await impatient()).refresh(before);
      expect([what, instance, errors(diagnostics).length]).toEqual([what, before, 1]);
    },
  );
});

describe('#2 a code that is not 0 is an error at HTTP 200', () => {
  const failure = refusal(200, 259999, '出错了');
  const words = /answered 200 with code 259999: 出错了/;

  it.each(types)('#2 %s: at a read, an update, a delete and an import', async (type) => {
    const { subject, config, instance: before } = of(type);
    const failed = async (method: string, work: (core: Core) => ReturnType<Core['apply']>): Promise<unknown> => {
      target.server.heal();
      const core = await impatient();
      target.server.fault({ kind: failure, method, times: 10 });
      const { instance, diagnostics } = await work(core);
      return [instance, errors(diagnostics).map(({ detail }) => words.test(detail))];
    };
    expect(await failed('GET', (core) => core.refresh(before))).toEqual([before, [true]]);
    expect(await failed('GET', (core) => core.import(type, subject.id(config)))).toEqual([undefined, [true]]);
    const field = subject
      .changeable()
      .find(({ facts, api, name }) => !facts.forceNew && api && !/^(repositories|include_pattern)$/.test(name));
    if (field && type !== 'bkrepo_user_token') {
      const pair = subject.pair(config, field);
      const other = pair.find((one) => String(one[field.name]) !== String(config[field.name])) ?? pair[1];
      const plan = await (await target.core()).plan(type, { ...config, [field.name]: other[field.name] ?? null }, before);
      expect(plan.action).toBe('update');
      expect(await failed('(POST|PUT|DELETE)', (core) => core.apply(plan))).toEqual([before, [true]]);
    }
    const lasting =
      type === 'bkrepo_project' ? { ...before, state: { ...(before.state as ValueRecord), disable_on_destroy: true } } : before;
    target.server.heal();
    const destroy = await (await target.core()).plan(type, null, lasting);
    expect(await failed('(POST|PUT|DELETE)', (core) => core.apply(destroy))).toEqual([lasting, [true]]);
  });

  it.each(types)('#2 %s: at a create', async (type) => {
    const { subject, config } = of(type);
    if (!subject.hasOwnName()) return;
    const core = await impatient();
    const plan = await core.plan(type, subject.renamed(config, '-never'), undefined);
    target.server.fault({ kind: failure, method: '(POST|PUT)', times: 10 });
    const { instance, diagnostics } = await core.apply(plan);
    expect([instance, errors(diagnostics).map(({ detail }) => words.test(detail))]).toEqual([undefined, [true]]);
  });

  it.each([
    ['bkrepo_repositories', { project: 'payments-referred' }],
    ['bkrepo_projects', {}],
    ['bkrepo_users', {}],
    ['bkrepo_user_tokens', { user: 'builder-referred' }],
    ['bkrepo_roles', { project: 'payments-referred' }],
    ['bkrepo_permissions', { project: 'payments-referred', resource_type: 'PROJECT' }],
    ['bkrepo_nodes', { project: 'payments-referred', repository: 'local-packages-referred' }],
    ['bkrepo_packages', { project: 'payments-referred', repository: 'local-packages-referred' }],
  ])('#2 the list %s', async (type, config) => {
    target.server.fault({ kind: failure, method: 'GET', times: 10 });
    const { state, errors: told } = await readData(await impatient(), type, config);
    expect([state, told.map((text) => words.test(text))]).toEqual([null, [true]]);
  });
});
