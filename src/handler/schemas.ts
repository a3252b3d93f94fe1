import { fieldsOf, type Field } from '../schema/define/shape';
import type { ProviderDefinition } from '../schema/define/provider';
import type { TerraformFunction, TerraformIdentitySchema, TerraformProviderSchema, TerraformSchema } from '../schema/derive/terraform';
import { toTerraform, typeConstraint } from '../schema/derive/to-terraform';
import { Catalog } from './compiled';

const known = new WeakMap<ProviderDefinition, TerraformProviderSchema>();

/** The schemas of everything a provider offers, made when they are first asked for. */
export function schemasOf(provider: ProviderDefinition): TerraformProviderSchema {
  const made = known.get(provider) ?? makeSchemas(provider);
  known.set(provider, made);
  return made;
}

function makeSchemas(provider: ProviderDefinition): TerraformProviderSchema {
  const catalog = new Catalog(provider);
  const resources = provider.resources.map(({ type }) => catalog.resource(type));
  return {
    provider: { version: 0, block: toTerraform(fieldsOf(provider.attributes), provider) },
    resources: byName(
      resources,
      ({ definition }) => definition.type,
      ({ definition, fields }): TerraformSchema => ({ version: definition.version ?? 0, block: toTerraform(fields, definition) }),
    ),
    dataSources: byName(
      provider.dataSources,
      ({ type }) => type,
      (definition): TerraformSchema => ({ version: 0, block: toTerraform(catalog.dataSource(definition.type).fields, definition) }),
    ),
    ephemeralResources: byName(
      provider.ephemerals ?? [],
      ({ type }) => type,
      (definition): TerraformSchema => ({ version: 0, block: toTerraform(catalog.ephemeral(definition.type).fields, definition) }),
    ),
    actions: byName(
      provider.actions ?? [],
      ({ type }) => type,
      (definition): TerraformSchema => ({ version: 0, block: toTerraform(catalog.action(definition.type).fields, definition) }),
    ),
    listResources: byName(
      resources.filter(({ definition }) => definition.binding.list),
      ({ definition }) => definition.type,
      ({ definition: { type, description, deprecated } }): TerraformSchema => ({
        version: 0,
        block: toTerraform(catalog.list(type).fields, { description, ...(deprecated !== undefined && { deprecated }) }),
      }),
    ),
    functions: byName(
      provider.functions,
      ({ name }) => name,
      ({ summary, description, parameters, returns }): TerraformFunction => ({
        summary,
        description,
        parameters: parameters.map(({ name, description: about, shape }) => ({ name, description: about, type: typeConstraint(shape) })),
        returns: typeConstraint(returns),
      }),
    ),
    identities: byName(
      resources,
      ({ definition }) => definition.type,
      ({ key, fields }): TerraformIdentitySchema => ({ version: 0, attributes: key.map((name) => identityAttribute(fields, name)) }),
    ),
  };
}

function identityAttribute(fields: readonly Field[], name: string): TerraformIdentitySchema['attributes'][number] {
  const field = fields.find((candidate) => candidate.name === name);
  return { name, type: 'string', description: field?.description ?? '', requiredForImport: field?.optional !== true };
}

function byName<T, U>(items: readonly T[], name: (item: T) => string, make: (item: T) => U): Record<string, U> {
  return Object.fromEntries(items.map((item) => [name(item), make(item)]));
}
