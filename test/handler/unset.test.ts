import * as z from 'zod';
import { attr } from '../../src/schema/define/attribute';
import { nested } from '../../src/schema/define/nested';
import { fieldsOf } from '../../src/schema/define/shape';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { planValues, replacedPaths } from '../../src/handler/plan-values';
import { providers } from '../../src/resources';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import type { Field, Shape } from '../../src/schema/define/shape';
import { toApi } from '../../src/schema/api/to-api';
import type { Instance, Told } from '../../src/testing/core';
import { fieldsOfResource } from '../../src/testing/examples';
import { configured, providerCore } from '../../src/testing/target';

/** An object as a module hands it through whose own variables are null. */
const nulls = (shape: Shape & { kind: 'object' }): ValueRecord =>
  Object.fromEntries(
    shape.fields.map(({ name, shape: member, required }) => [name, required && member.kind === 'object' ? nulls(member) : null]),
  );

const objects = providers.flatMap((provider) =>
  provider.resources.flatMap((definition) =>
    fieldsOfResource(definition).flatMap((field) =>
      field.optional && field.shape.kind === 'object' ? [[definition.type, field.name, { provider, definition, field }] as const] : [],
    ),
  ),
);

it('there are such attributes in each provider', () => {
  expect(new Set(objects.map(([type]) => type.split('_')[0]))).toEqual(new Set(['artifactapi', 'bkrepo', 'kubesphere']));
  expect(objects.map(([, name]) => name)).toEqual(expect.arrayContaining(['settings', 'network_proxy', 'timeouts']));
});

describe.each(objects)('%s with %s = an object of nulls', (type, name, { provider, definition, field }) => {
  const fields = fieldsOfResource(definition);
  const empty = nulls(field.shape as Shape & { kind: 'object' });
  const config = scalars(definition, fields);

  it('is valid, sends and replaces what it does without', async () => {
    const core = await configured(provider, { endpoint: 'http://127.0.0.1:1' });
    const said = async (one: ValueRecord): Promise<Told[]> => core.validate(type, one);
    expect(await said({ ...config, [name]: empty })).toEqual(await said({ ...config, [name]: null }));
    const [with_, without] = [empty, null].map((value): ValueRecord => planValues(fields, { ...config, [name]: value }, undefined)) as [
      ValueRecord,
      ValueRecord,
    ];
    expect(with_[name]).toEqual(empty);
    expect(toApi(fields, known(with_))).toEqual(toApi(fields, known(without)));
    expect([replacedPaths(fields, with_, without), replacedPaths(fields, without, with_)]).toEqual([[], []]);
  });
});

it('members of nulls are not set either in an object that is set', async () => {
  const [type, fields] = [
    'bkrepo_local_repository',
    fieldsOfResource(bkrepo.resources.find((one) => one.type === 'bkrepo_local_repository') as ResourceDefinition),
  ];
  const settings = fields.find(({ name }) => name === 'settings')?.shape as Shape & { kind: 'object' };
  const members = settings.fields.filter(({ shape }) => shape.kind === 'object');
  expect(members.map(({ name }) => name)).toEqual(expect.arrayContaining(['cleanup_strategy', 'auto_index', 'download_redirect']));
  const core = await configured(bkrepo, { endpoint: 'http://127.0.0.1:1' });
  const config = (of: (shape: Shape) => Value): ValueRecord => ({
    ...Object.fromEntries(fields.map(({ name }) => [name, null])),
    ...{ project: 'p', name: 'r', type: 'GENERIC' },
    settings: { ...nulls(settings), ...Object.fromEntries(members.map(({ name, shape }) => [name, of(shape)])), system: true },
  });
  const [with_, without] = [config((shape) => nulls(shape as Shape & { kind: 'object' })), config(() => null)] as const;
  expect(await core.validate(type, with_)).toEqual(await core.validate(type, without));
  expect(toApi(fields, known(planValues(fields, with_, undefined)))).toEqual(toApi(fields, known(planValues(fields, without, undefined))));
});

/** The texts, numbers and truth values of the full example. */
function scalars(definition: ResourceDefinition, fields: readonly Field[]): ValueRecord {
  const example = definition.example.full;
  return Object.fromEntries(
    fields.map(({ name, key }) => [name, typeof example[key] === 'object' ? null : ((example[key] ?? null) as Value)]),
  );
}

const known = (values: ValueRecord): ValueRecord =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === UNKNOWN ? null : value]));

describe('a replacement', () => {
  const remote: ValueRecord = { name: 'a', base_url: 'https://npm.example.com' };
  const repository: ValueRecord = { project: 'payments', name: 'packages', type: 'MAVEN' };

  const planned = async (type: string, before: ValueRecord, config: ValueRecord): Promise<(string | undefined)[]> => {
    // Without a server there is nothing but the configuration to judge by.
    const { core } = providerCore(type.startsWith('bkrepo') ? bkrepo : artifactapi);
    await core.configure({ endpoint: UNKNOWN });
    const { planned: state } = await core.plan(type, before);
    const instance: Instance = { type, state: known(state as ValueRecord), private: new Uint8Array() };
    const plan = await core.plan(type, config, instance);
    expect(plan.action).toBe('replace');
    return plan.diagnostics
      .filter(({ summary }) => /Not Known/.test(summary))
      .map(({ severity, detail, path }) => `${severity} ${path}: ${/but "(.*?)" is/.exec(detail)?.[1]}`);
  };

  it.each<[string, string, ValueRecord, ValueRecord, string[]]>([
    ['nothing that is open', 'artifactapi_remote_npm', remote, { ...remote, name: 'b' }, []],
    ['an open text without a rule', 'artifactapi_remote_npm', remote, { ...remote, name: 'b', description: UNKNOWN }, []],
    ['an open name', 'artifactapi_remote_npm', remote, { ...remote, name: UNKNOWN }, ['warning name: name']],
    ['an open URL', 'artifactapi_remote_npm', remote, { ...remote, name: 'b', base_url: UNKNOWN }, ['warning base_url: base_url']],
    [
      'an open member of a list with a rule',
      'artifactapi_virtual',
      { name: 'v', package_type: 'npm', members: ['a'] },
      { name: 'v', package_type: 'helm', members: [UNKNOWN] },
      ['warning members: members'],
    ],
    [
      'an open value in an object',
      'bkrepo_local_repository',
      repository,
      { ...repository, type: 'GENERIC', settings: { snapshot_behavior: UNKNOWN } },
      ['warning settings: settings.snapshot_behavior'],
    ],
    [
      'an open owner, which the visibility needs',
      'bkrepo_local_repository',
      repository,
      { ...repository, visibility: UNKNOWN },
      ['warning visibility: visibility'],
    ],
  ])('with %s warns of what may be refused too late', async (...[, type, before, config, warned]) => {
    expect(await planned(type, before, config)).toEqual(warned);
  });
});

describe('an object whose members have defaults', () => {
  const fieldsWith = (port: z.ZodType): readonly Field[] =>
    fieldsOf({
      tls: attr(
        nested({
          version: attr(port, 'Oldest version.'),
          maxAge: attr(z.int().optional(), 'Age.'),
        }).optional(),
        'TLS.',
      ),
    });
  const empty = { tls: { version: null, max_age: null } };

  it('asks for them when nothing in it is set', () => {
    const fields = fieldsWith(z.string().default('1.3'));
    const planned = planValues(fields, empty, undefined);
    expect(planned).toEqual({ tls: { version: '1.3', max_age: null } });
    expect(toApi(fields, planned)).toEqual({ tls: { version: '1.3', max_age: null } });
    // An object that the server has with these values, such as one that was imported, stays as it is.
    expect(planValues(fields, empty, planned)).toEqual(planned);
  });

  it.each([
    ['an empty text', z.string().default('')],
    ['an empty list', z.array(z.string()).default([])],
    ['an empty map', z.record(z.string(), z.string()).default({})],
    ['no default', z.string().optional()],
  ])('is not set when the default is %s', (_, type) => {
    const fields = fieldsWith(type);
    expect(planValues(fields, empty, undefined)).toEqual(empty);
    expect(toApi(fields, empty)).toEqual({ tls: null });
  });
});
