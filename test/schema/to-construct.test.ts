import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import * as z from 'zod';
import { providers } from '../../src/resources';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { baseMembers, collisions, providerMembers } from '../../src/schema/derive/construct/collisions';
import { dataSourceClass, fileOf, providerClass, resourceClass } from '../../src/schema/derive/construct/names';
import { nested } from '../../src/schema/define/nested';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { fieldsOf } from '../../src/schema/define/shape';
import { toConstructs } from '../../src/schema/derive/to-construct';
import { secret } from '../../src/schema/define/types';
import { typeProblems } from '../constructs/type-check';

const binding = { read: jest.fn(), create: jest.fn(), update: jest.fn(), remove: jest.fn() };
const member = nested({
  nickName: attr(z.string(), 'Name of it.'),
  portNumber: attr(z.int().min(1).optional(), 'Port of it.'),
  serial: attr(z.string(), 'Number the server gives.', { computed: true }),
});
const everything: Attributes = {
  title: attr(z.string(), 'Name */ of it.', { forceNew: true }),
  size: attr(z.number().optional(), 'Size of it, see `page_count`.'),
  pageCount: attr(z.int().min(0).default(3), 'Pages.'),
  open: attr(z.boolean().default(false), 'Whether it is open.'),
  colour: attr(z.enum(['red', 'green']).optional(), 'Colour of it.', { computed: true }),
  words: attr(z.array(z.string()).default([]), 'Words.'),
  sizes: attr(z.array(z.number()).optional(), 'Sizes.'),
  flags: attr(z.array(z.boolean()).optional(), 'Flags.'),
  tokens: attr(z.set(z.string()).optional(), 'Tokens.'),
  labels: attr(z.record(z.string(), z.string()).optional(), 'Labels.'),
  grid: attr(z.array(z.array(z.string())).optional(), 'Rows.'),
  owner: attr(member.optional(), 'Who owns it.'),
  friends: attr(z.array(member).optional(), 'Friends.'),
  rivals: attr(z.set(member).optional(), 'Rivals.'),
  cousins: attr(z.record(z.string(), member).optional(), 'Cousins.'),
  serial: attr(z.string(), 'What the server calls it.', { computed: true }),
  ...secret('password', 'Password of it.'),
};
const made: ProviderDefinition = {
  name: 'made',
  title: 'Made',
  description: 'A made-up provider.',
  attributes: { endpoint: attr(z.string().optional(), 'Where it is. Default here.') },
  resources: [
    {
      type: 'made_object',
      description: 'An object.',
      attributes: everything,
      key: ['title'],
      binding,
      deprecated: 'Use another.',
      example: { minimal: {}, full: {} },
    },
  ],
  dataSources: [
    {
      type: 'made_things',
      description: 'Things.',
      attributes: {
        like: attr(z.string().optional(), 'Part of the name.'),
        names: attr(z.array(z.string()), 'Names.', { computed: true }),
      },
      read: jest.fn(),
      example: {},
    },
  ],
  functions: [],
  example: {},
};

interface Generated {
  readonly ObjectResource: new (scope: cdktf.TerraformStack, id: string, config: object) => cdktf.TerraformResource & Record<string, never>;
  readonly DataMadeThings: new (
    scope: cdktf.TerraformStack,
    id: string,
    config?: object,
  ) => cdktf.TerraformDataSource & Record<string, never>;
}

let folder: string;
let classes: Generated;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-made-'));
  const constructs = join(__dirname, '../../constructs');
  for (const { name, text } of toConstructs(made)) {
    const here = text
      .replaceAll("'../../", `'${constructs}/`)
      .replaceAll("'cdktf'", `'${require.resolve('cdktf')}'`)
      .replaceAll("'constructs'", `'${require.resolve('constructs')}'`);
    writeFileSync(join(folder, name), here);
  }
  classes = (await import(join(folder, 'index.ts'))) as Generated;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileText = (name: string): string => toConstructs(made).find((file) => file.name === name)?.text ?? '';
const synth = (fill: (stack: cdktf.TerraformStack) => void): Record<string, unknown> => {
  const stack = new cdktf.TerraformStack(cdktf.Testing.app(), 'stack');
  fill(stack);
  return JSON.parse(cdktf.Testing.synth(stack)) as Record<string, unknown>;
};

test('classes are named as the prebuilt providers name them', () => {
  expect(resourceClass('artifactapi', 'artifactapi_remote_npm')).toBe('RemoteNpm');
  expect(['object', 'string', 'function'].map((word) => resourceClass('made', `made_${word}`))).toEqual([
    'ObjectResource',
    'StringResource',
    'FunctionResource',
  ]);
  expect(dataSourceClass('artifactapi_remotes')).toBe('DataArtifactapiRemotes');
  expect(providerClass('bkrepo')).toBe('BkrepoProvider');
  expect(fileOf('DataArtifactapiRemotes')).toBe('data-artifactapi-remotes');
});

test('the generated files compile on their own', () => {
  expect(typeProblems(join(folder, 'index.ts'))).toEqual([]);
});

test('the files on disk are what the definitions generate', () => {
  for (const provider of providers) {
    for (const { name, text } of toConstructs(provider)) {
      expect(readFileSync(join(__dirname, '../../constructs/generated', provider.name, name), 'utf8')).toBe(text);
    }
  }
});

test('every kind of value reaches the JSON under its Terraform name', () => {
  const json = synth((stack) => {
    new classes.ObjectResource(stack, 'all', {
      title: 'a',
      size: 1.5,
      pageCount: 4,
      open: true,
      colour: 'red',
      words: ['x'],
      sizes: [1, 2],
      flags: [true],
      tokens: ['t'],
      labels: { someKey: 'v' },
      grid: [['a', 'b'], []],
      owner: { nickName: 'o', portNumber: 1 },
      friends: [{ nickName: 'f' }],
      rivals: [{ nickName: 'r' }],
      cousins: { bigOne: { nickName: 'c' } },
      passwordWo: '${var.x}',
    });
  });
  expect(json['resource']).toEqual({
    made_object: {
      all: {
        title: 'a',
        size: 1.5,
        page_count: 4,
        open: true,
        colour: 'red',
        words: ['x'],
        sizes: [1, 2],
        flags: [true],
        tokens: ['t'],
        labels: { someKey: 'v' },
        grid: [['a', 'b'], []],
        owner: { nick_name: 'o', port_number: 1 },
        friends: [{ nick_name: 'f' }],
        rivals: [{ nick_name: 'r' }],
        cousins: { bigOne: { nick_name: 'c' } },
        password_wo: '${var.x}',
      },
    },
  });
});

test('every kind of attribute is read as a reference', () => {
  const json = synth((stack) => {
    const object = new classes.ObjectResource(stack, 'o', { title: 'a' }) as unknown as Record<string, never>;
    const list = (key: string): { get(index: number | string): { serial: string; portNumber: number } } => object[key] as never;
    const outputs: Record<string, unknown> = {
      text: object['title'],
      number: object['pageCount'],
      truth: object['open'],
      list: object['words'],
      numbers: object['sizes'],
      set: object['tokens'],
      map: object['labels'],
      grid: object['grid'],
      single: (object['owner'] as unknown as { serial: string }).serial,
      item: list('friends').get(0).portNumber,
      inSet: list('rivals').get(0).serial,
      inMap: list('cousins').get('big').serial,
    };
    for (const [id, value] of Object.entries(outputs)) new cdktf.TerraformOutput(stack, id, { value });
  });
  const values = Object.fromEntries(
    Object.entries(json['output'] as Record<string, { value: unknown }>).map(([id, { value }]) => [id, value]),
  );
  expect(values).toEqual({
    text: '${made_object.o.title}',
    number: '${made_object.o.page_count}',
    truth: '${made_object.o.open}',
    list: '${made_object.o.words}',
    numbers: '${made_object.o.sizes}',
    set: '${tolist(made_object.o.tokens)}',
    map: '${made_object.o.labels}',
    grid: '${made_object.o.grid}',
    single: '${made_object.o.owner.serial}',
    item: '${made_object.o.friends[0].port_number}',
    inSet: '${tolist(made_object.o.rivals).0.serial}',
    inMap: '${made_object.o.cousins["big"].serial}',
  });
});

test('a data source becomes a data block', () => {
  const json = synth((stack) => {
    const things = new classes.DataMadeThings(stack, 'd', { like: 'x' });
    new cdktf.TerraformOutput(stack, 'names', { value: things['names'] });
    new classes.DataMadeThings(stack, 'all');
  });
  expect(json['data']).toEqual({ made_things: { all: {}, d: { like: 'x' } } });
  expect(json['output']).toEqual({ names: { value: '${data.made_things.d.names}' } });
});

test('a write-only attribute has no getter, a computed one nothing but a getter', () => {
  const text = fileText('object-resource.ts');
  expect(text).not.toContain('get passwordWo()');
  expect(text).toContain('set passwordWo(value: string)');
  expect(text).toContain('get serial(): string');
  expect(text).not.toMatch(/set serial|serialInput|resetSerial/);
  expect(text).toContain('resetPasswordWo(): void');
  expect(text).not.toContain('resetTitle');
});

test('doc comments tell description, default and deprecation, with TypeScript names', () => {
  const text = fileText('object-resource.ts');
  expect(text).toContain('  /**\n   * Name *\\/ of it.\n   * Changing this forces replacement.\n   */\n  readonly title: string;');
  expect(text).toContain('  /**\n   * Size of it, see `pageCount`.\n   * @default none\n   */\n  readonly size?: number;');
  expect(text).toContain('  /**\n   * Pages.\n   * @default 3\n   */\n  readonly pageCount?: number;');
  expect(text).toContain('   * @default set by the server\n   */\n  readonly colour?: ObjectResourceColour;');
  expect(text).toContain("\nexport type ObjectResourceColour = 'red' | 'green' | (string & {});\n");
  expect(text).toContain(' * @deprecated Use another.\n */\nexport class ObjectResource extends Resource {');
  expect(fileText('made-provider.ts')).toContain('   * Where it is.\n   * @default here\n   */');
});

test.each(['node', 'getUrl', 'provider', 'count', 'moveTo', 'self', 'overrideLogicalId'])('an attribute called %s is refused', (key) => {
  expect(collisions(fieldsOf({ [key]: attr(z.string().optional(), 'X.') })).join()).toContain(`"${key}"`);
});

test('an attribute that takes the place of what another one brings is refused', () => {
  const clash = { a: attr(z.string().optional(), 'X.'), aInput: attr(z.string().optional(), 'X.') };
  expect(collisions(fieldsOf(clash))).toEqual(['attribute "a_input": "aInput" is a member of the base class or of another attribute']);
});

test('no attribute of the product collides with a base class', () => {
  const all = providers.flatMap((provider) => [...provider.resources, ...provider.dataSources]);
  expect(all.flatMap((one) => collisions(fieldsOf(one.attributes)))).toEqual([]);
  expect(providers.flatMap((provider) => collisions(fieldsOf(provider.attributes), providerMembers))).toEqual([]);
});

test('the list of base members holds every member of the classes of both cores', () => {
  const members = [cdktf, cdktn].flatMap((core) =>
    [core.TerraformResource, core.TerraformDataSource, core.TerraformProvider, cdktn.TerraformEphemeralResource].flatMap((base) =>
      chain(base.prototype),
    ),
  );
  expect([...new Set(members)].filter((name) => !baseMembers.includes(name))).toEqual([]);
});

function chain(prototype: object): string[] {
  if (prototype === Object.prototype) return [];
  return [...Object.getOwnPropertyNames(prototype), ...chain(Object.getPrototypeOf(prototype) as object)];
}

/** The made-up provider with types of other names. */
const named = (...types: string[]): ProviderDefinition => ({
  ...made,
  dataSources: [],
  resources: made.resources.flatMap((resource) => types.map((type) => ({ ...resource, type }))),
});

it('a class named Index has a file of its own, which the index exports', () => {
  const files = new Map(toConstructs(named('made_index', 'made_team')).map(({ name, text }) => [name, text]));
  expect(files.get('index.ts')).toContain("export * from './index-class';");
  expect(files.get('index-class.ts')).toContain('export class Index ');
});

it('two classes of one name are refused', () => {
  expect(() => toConstructs(named('made_made_provider'))).toThrow('two classes of the provider made would be in made-provider.ts');
});
