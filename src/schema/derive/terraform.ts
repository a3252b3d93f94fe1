/** Terraform's own schema, in the shape of the messages of plugin protocol 6 (`Schema` and its parts). */

/** A type constraint in Terraform's JSON notation, e.g. `"string"`, `["list","string"]`, `["object",{"name":"string"}]`. */
export type TypeConstraint =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', TypeConstraint]
  | readonly ['object', Readonly<Record<string, TypeConstraint>>]
  | readonly ['tuple', readonly TypeConstraint[]];

/** One attribute: either a plain `type`, or a `nestedType` whose members have schemas of their own. */
export interface TerraformAttribute {
  readonly name: string;
  readonly type?: TypeConstraint;
  readonly nestedType?: TerraformObject;
  readonly description: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly writeOnly?: boolean;
  /** Present when the attribute is deprecated: what to use instead. */
  readonly deprecationMessage?: string;
}

/** A nested object, alone or as the element of a list, set or map. */
export interface TerraformObject {
  readonly nesting: 'single' | 'list' | 'set' | 'map';
  readonly attributes: readonly TerraformAttribute[];
}

/** A nested block, for definitions that need one (`timeouts`). */
export interface TerraformBlockType {
  readonly name: string;
  readonly nesting: 'single' | 'list' | 'set' | 'map';
  readonly block: TerraformBlock;
}

/** The body of a resource, data source, ephemeral resource, action or provider. */
export interface TerraformBlock {
  readonly attributes: readonly TerraformAttribute[];
  readonly blocks?: readonly TerraformBlockType[];
  readonly description: string;
  readonly deprecationMessage?: string;
}

/** A body with the version of the state it describes. */
export interface TerraformSchema {
  readonly version: number;
  readonly block: TerraformBlock;
}

/** The attributes that identify a resource, for import by identity. */
export interface TerraformIdentitySchema {
  readonly version: number;
  readonly attributes: readonly {
    readonly name: string;
    readonly type: TypeConstraint;
    readonly description: string;
    readonly requiredForImport: boolean;
  }[];
}

/** One parameter of a function. */
export interface TerraformParameter {
  readonly name: string;
  readonly type: TypeConstraint;
  readonly description: string;
  readonly allowNull?: boolean;
  readonly allowUnknown?: boolean;
}

/** A provider function. */
export interface TerraformFunction {
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly TerraformParameter[];
  readonly returns: TypeConstraint;
}

/** Everything that GetProviderSchema returns. */
export interface TerraformProviderSchema {
  readonly provider: TerraformSchema;
  readonly resources: Readonly<Record<string, TerraformSchema>>;
  readonly dataSources: Readonly<Record<string, TerraformSchema>>;
  readonly ephemeralResources: Readonly<Record<string, TerraformSchema>>;
  readonly actions: Readonly<Record<string, TerraformSchema>>;
  /** The `config` blocks of what can be listed, by resource type. */
  readonly listResources: Readonly<Record<string, TerraformSchema>>;
  readonly functions: Readonly<Record<string, TerraformFunction>>;
  readonly identities: Readonly<Record<string, TerraformIdentitySchema>>;
}
