import type { RepositoryKind } from '../../src/common/repository-url';

/** The type of an attribute, as the generated classes state it. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'bool'
  | { readonly list: AttributeType }
  | { readonly set: AttributeType }
  | { readonly map: AttributeType }
  | { readonly object: readonly AttributeSpec[] };

/** A rule of `src/common` that literal texts are checked with. */
export type Rule = 'name' | 'url' | 'pattern';

/** What the base classes know of one attribute. */
export interface AttributeSpec {
  /** The camelCase name, as in TypeScript. */
  readonly key: string;
  /** The snake_case name, as in Terraform. */
  readonly name: string;
  readonly type: AttributeType;
  /** The user must set it. @default false */
  readonly required?: boolean;
  /** A literal would put a secret into the synthesized file. @default false */
  readonly secret?: boolean;
  /** The write-only attribute that keeps this secret out of the state. @default none */
  readonly writeOnlyForm?: string;
  /** The texts allowed, for the value or for each element. @default any text */
  readonly oneOf?: readonly string[];
  /** The rule that the text, or each element, follows. @default none */
  readonly rule?: Rule;
  /** The least number allowed. @default none */
  readonly minimum?: number;
  /** Only whole numbers are allowed. @default false */
  readonly integer?: boolean;
}

/** Of which package types a server is known to serve repositories of one kind. */
export interface ServingSpec {
  /** The name of the system, e.g. `ArtifactAPI`. */
  readonly server: string;
  readonly kind: RepositoryKind;
  /** The package type, or the attribute that says it. */
  readonly packageType: string | { readonly attribute: string };
  readonly served: readonly string[];
}

/** What the base classes know of one resource, data source or provider. */
export interface TypeSpec {
  /** Terraform's name, e.g. `artifactapi_remote_npm`. */
  readonly type: string;
  /** The attributes that can be set. */
  readonly attributes: readonly AttributeSpec[];
  /** Set when clients fetch packages from its objects and not every server serves all of them. */
  readonly serving?: ServingSpec;
}
