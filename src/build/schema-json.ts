import type { TerraformAttribute, TerraformBlock, TerraformProviderSchema, TerraformSchema } from '../schema/derive/terraform';

/** The schema of a provider as `terraform providers schema -json` prints it. */
export function schemaJson(source: string, schema: TerraformProviderSchema): object {
  return {
    format_version: '1.0',
    provider_schemas: {
      [source]: {
        provider: versioned(schema.provider),
        ...some('resource_schemas', mapped(schema.resources, versioned)),
        ...some('data_source_schemas', mapped(schema.dataSources, versioned)),
        ...some('ephemeral_resource_schemas', mapped(schema.ephemeralResources, versioned)),
        ...some('list_resource_schemas', mapped(schema.listResources, versioned)),
        ...some(
          'action_schemas',
          mapped(schema.actions, ({ block }) => ({ block: blockJson(block) })),
        ),
        ...some(
          'functions',
          mapped(schema.functions, ({ description, summary, returns, parameters }) => ({
            description,
            summary,
            return_type: returns,
            ...(parameters.length > 0 && {
              parameters: parameters.map(({ name, description: about, type }) => ({ name, description: about, type })),
            }),
          })),
        ),
        ...some(
          'resource_identity_schemas',
          mapped(schema.identities, ({ version, attributes }) => ({
            version,
            attributes: Object.fromEntries(
              attributes.map(({ name, type, description, requiredForImport }) => [
                name,
                { type, description, ...(requiredForImport ? { required_for_import: true } : { optional_for_import: true }) },
              ]),
            ),
          })),
        ),
      },
    },
  };
}

const versioned = ({ version, block }: TerraformSchema): object => ({ version, block: blockJson(block) });

const blockJson = ({ attributes, description, deprecationMessage }: TerraformBlock): object => ({
  attributes: attributesJson(attributes),
  description,
  description_kind: 'markdown',
  ...(deprecationMessage && { deprecated: true }),
});

const attributesJson = (attributes: readonly TerraformAttribute[]): object =>
  Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeJson(attribute)]));

function attributeJson(attribute: TerraformAttribute): object {
  const { type, nestedType, description, deprecationMessage } = attribute;
  const flags = {
    required: 'required',
    optional: 'optional',
    computed: 'computed',
    sensitive: 'sensitive',
    writeOnly: 'write_only',
  } as const;
  return {
    ...(nestedType ? { nested_type: { attributes: attributesJson(nestedType.attributes), nesting_mode: nestedType.nesting } } : { type }),
    description,
    description_kind: 'markdown',
    ...(deprecationMessage && { deprecated: true }),
    ...Object.fromEntries(
      Object.entries(flags).flatMap(([flag, name]) => (attribute[flag as keyof typeof flags] ? [[name, true] as const] : [])),
    ),
  };
}

const mapped = <T>(items: Readonly<Record<string, T>>, make: (item: T) => object): Record<string, object> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [name, make(item)]));

/** Terraform leaves out what is empty. */
const some = (name: string, items: Record<string, object>): object => (Object.keys(items).length === 0 ? {} : { [name]: items });
