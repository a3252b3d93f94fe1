import type {
  TerraformAttribute,
  TerraformBlock,
  TerraformFunction,
  TerraformIdentitySchema,
  TerraformObject,
  TerraformParameter,
  TerraformProviderSchema,
  TerraformSchema,
  TypeConstraint,
} from '../../schema/derive/terraform';
import * as wire from '../gen/messages';
import { encode, type Init } from '../wire/codec';

/** What the provider can do beyond the first version of the protocol. */
export const SERVER_CAPABILITIES: Init<wire.ServerCapabilities> = {
  planDestroy: true,
  getProviderSchemaOptional: true,
  moveResourceState: true,
  generateResourceConfig: true,
};

const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const;
const { MARKDOWN } = wire.StringKind;

/** Encodes the answer of GetProviderSchema. */
export function encodeProviderSchema(schema: TerraformProviderSchema): Buffer {
  return encode(wire.GetProviderSchemaResponse, {
    provider: toSchema(schema.provider),
    resourceSchemas: mapValues(schema.resources, toSchema),
    dataSourceSchemas: mapValues(schema.dataSources, toSchema),
    ephemeralResourceSchemas: mapValues(schema.ephemeralResources, toSchema),
    actionSchemas: mapValues(schema.actions, (action) => ({ schema: toSchema(action) })),
    listResourceSchemas: mapValues(schema.listResources, toSchema),
    functions: mapValues(schema.functions, toFunction),
    serverCapabilities: SERVER_CAPABILITIES,
  });
}

/** A function as the message that describes it. */
export function toFunction(definition: TerraformFunction): Init<wire.Function> {
  return {
    parameters: definition.parameters.map(toParameter),
    return: { type: toType(definition.returns) },
    summary: definition.summary,
    description: definition.description,
    descriptionKind: MARKDOWN,
  };
}

/** An identity schema as the message that describes it. */
export function toIdentitySchema(identity: TerraformIdentitySchema): Init<wire.ResourceIdentitySchema> {
  return {
    version: identity.version,
    identityAttributes: identity.attributes.map(({ name, type, description, requiredForImport }) => ({
      name,
      type: toType(type),
      description,
      requiredForImport,
      optionalForImport: !requiredForImport,
    })),
  };
}

/** Converts every value of a record. */
export function mapValues<From, To>(record: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}

function toSchema(schema: TerraformSchema): Init<wire.Schema> {
  return { version: schema.version, block: toBlock(schema.block) };
}

function toBlock(block: TerraformBlock): Init<wire.SchemaBlock> {
  return {
    attributes: block.attributes.map(toAttribute),
    blockTypes: block.blocks?.map(({ name, nesting, block: inner }) => ({
      typeName: name,
      block: toBlock(inner),
      nesting: NESTING[nesting],
    })),
    description: block.description,
    descriptionKind: MARKDOWN,
    ...deprecation(block.deprecationMessage),
  };
}

function toAttribute({ type, nestedType, writeOnly, deprecationMessage, ...facts }: TerraformAttribute): Init<wire.SchemaAttribute> {
  return {
    ...facts,
    type: type && toType(type),
    nestedType: nestedType && toObject(nestedType),
    writeOnly,
    descriptionKind: MARKDOWN,
    ...deprecation(deprecationMessage),
  };
}

function toObject({ attributes, nesting }: TerraformObject): Init<wire.SchemaObject> {
  return { attributes: attributes.map(toAttribute), nesting: NESTING[nesting] };
}

function toParameter({ name, type, description, allowNull, allowUnknown }: TerraformParameter): Init<wire.FunctionParameter> {
  return { name, type: toType(type), description, descriptionKind: MARKDOWN, allowNullValue: allowNull, allowUnknownValues: allowUnknown };
}

function toType(type: TypeConstraint): Buffer {
  return Buffer.from(JSON.stringify(type));
}

function deprecation(message: string | undefined): { readonly deprecated?: boolean; readonly deprecationMessage?: string } {
  return message === undefined ? {} : { deprecated: true, deprecationMessage: message };
}
