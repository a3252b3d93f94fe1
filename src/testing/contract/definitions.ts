import { camelCase, snakeCase } from '../../common/names';
import { ProviderHandler } from '../../handler/provider-handler';
import { encodeProviderSchema } from '../../protocol/rpc/schemas';
import { GetProviderSchemaResponse } from '../../protocol/gen/messages';
import { decode } from '../../protocol/wire/codec';
import type { ProviderDefinition } from '../../schema/define/provider';
import { type Field, fieldsOf, type Shape } from '../../schema/define/shape';
import { complete, Core } from '../core';
import { exampleConfig, fieldsOfResource } from '../examples';

/** All fields, those of nested objects too, with their paths. */
function deep(fields: readonly Field[], path = ''): { field: Field; path: string }[] {
  return fields.flatMap((field) => [{ field, path: path + field.name }, ...inner(field.shape, `${path + field.name}.`)]);
}
const inner = (shape: Shape, path: string): { field: Field; path: string }[] =>
  shape.kind === 'object' ? deep(shape.fields, path) : 'element' in shape ? inner(shape.element, path) : [];

const blocksOf = (provider: ProviderDefinition): { name: string; description: string; fields: readonly Field[] }[] => [
  { name: `provider ${provider.name}`, description: provider.description, fields: fieldsOf(provider.attributes) },
  ...provider.resources.map((definition) => ({
    name: definition.type,
    description: definition.description,
    fields: fieldsOfResource(definition),
  })),
  ...provider.dataSources.map((definition) => ({
    name: `data ${definition.type}`,
    description: definition.description,
    fields: fieldsOf(definition.attributes, definition.apiCase),
  })),
  ...(provider.ephemerals ?? []).map((definition) => ({
    name: `ephemeral ${definition.type}`,
    description: definition.description,
    fields: fieldsOfResource(definition),
  })),
  ...(provider.actions ?? []).map((definition) => ({
    name: `action ${definition.type}`,
    description: definition.description,
    fields: fieldsOfResource(definition),
  })),
];

/** Tests that the definitions of a provider are whole, and that Terraform takes their examples. */
export function definitionTests(provider: ProviderDefinition): void {
  const core = new Core(new ProviderHandler(provider, { env: {}, log: () => {} }));

  it('has resources, each named once and after the provider', () => {
    const types = provider.resources.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((type) => !type.startsWith(`${provider.name}_`))).toEqual([]);
  });

  it('has a schema that survives the wire', () => {
    const schema = core.provider.schema();
    const answer = decode(GetProviderSchemaResponse, encodeProviderSchema(schema));
    expect(Object.keys(answer.resourceSchemas)).toEqual(Object.keys(schema.resources));
    for (const [type, { block }] of Object.entries(answer.resourceSchemas)) {
      expect(block?.attributes.map(({ name, required }) => [name, required])).toEqual(
        core.attributes(type).map(({ name, required }) => [name, required]),
      );
    }
  });

  it('identifies every resource by texts that its attributes have', () => {
    const { identities } = core.provider.schema();
    expect(Object.keys(identities)).toEqual(provider.resources.map(({ type }) => type));
    for (const definition of provider.resources) {
      expect(identities[definition.type]?.attributes.map(({ name }) => name)).toEqual(definition.key.map(snakeCase));
    }
  });

  describe.each(blocksOf(provider).map((block) => [block.name, block] as const))('%s', (_name, { description, fields }) => {
    it('is described in sentences', () => expect(description).toMatch(/^[A-Z`].*[.?]$/s));

    it('describes each attribute in one or more sentences', () => {
      const wrong = deep(fields).filter(({ field }) => !/^[A-Z`].{3,}\.$/s.test(field.description));
      expect(wrong.map(({ path, field }) => `${path}: ${field.description}`)).toEqual([]);
    });

    it('has names that come back from snake_case', () => {
      expect(deep(fields).filter(({ field }) => camelCase(field.name) !== field.key || snakeCase(field.key) !== field.name)).toEqual([]);
    });

    it('writes no API field from two attributes that can be set together', () => {
      const named = fields.filter(({ api }) => api).map((field) => ({ field, api: field.api?.join('.') }));
      const clashes = named.filter(({ field, api }) =>
        named.some((other) => other.api === api && other.field !== field && !excludes(field, other.field)),
      );
      expect(clashes.map(({ field }) => field.name)).toEqual([]);
    });

    it('refers only to attributes that there are', () => {
      const keys = new Set(fields.map(({ key }) => key));
      const named = fields.flatMap(({ facts }) => [
        ...(facts.requires ?? []),
        ...(facts.conflicts ?? []),
        ...(facts.rotation ? [facts.rotation.version, facts.rotation.revision] : []),
      ]);
      expect(named.filter((key) => !keys.has(key))).toEqual([]);
    });
  });

  it.each(
    provider.resources.flatMap((definition) => (['minimal', 'full'] as const).map((size) => [definition.type, size, definition] as const)),
  )('accepts the %s example (%s)', async (type, size, definition) => {
    const config = exampleConfig(definition, definition.example[size], (ref) => ref.replace(/\W/g, '-'));
    expect(complete(core.attributes(type), config)).toMatchObject(config);
    expect(await core.validate(type, config)).toEqual([]);
  });

  it.each(provider.resources.map((definition) => [definition.type, definition] as const))(
    'needs every attribute of the minimal example of %s',
    async (type, definition) => {
      const config = exampleConfig(definition, definition.example.minimal, (ref) => ref.replace(/\W/g, '-'));
      for (const { name } of fieldsOfResource(definition).filter(({ required }) => required)) expect(config).toHaveProperty(name);
      for (const { name } of fieldsOfResource(definition).filter((field) => !field.required && field.name in config)) {
        expect(await core.validate(type, { ...config, [name]: null })).not.toEqual([]);
      }
    },
  );
}

/** Whether at most one of two attributes can be set. */
const excludes = (a: Field, b: Field): boolean => (a.facts.conflicts ?? []).includes(b.key) || (b.facts.conflicts ?? []).includes(a.key);
