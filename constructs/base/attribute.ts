import type { RepositoryKind } from '../../src/common/repository-url';

/** The type of an attribute, as stated by the generated classes. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'bool'
  | { readonly list: AttributeType }
  | { readonly set: AttributeType }
  | { readonly map: AttributeType }
  | { readonly object: readonly AttributeSpec[] };

/** A rule from `src/common` that literal strings are checked against. */
export type Rule = 'name' | 'url' | 'pattern';

/** What the base classes know about one attribute. */
export interface AttributeSpec {
  /** The camelCase name, as in TypeScript. */
  readonly key: string;
  /** The snake_case name, as in Terraform. */
  readonly name: string;
  readonly type: AttributeType;
  /** Whether the user must set it. @default false */
  readonly required?: boolean;
  /** Whether a literal would put a secret into the synthesized file. @default false */
  readonly secret?: boolean;
  /** The write-only attribute that keeps this secret out of the state. @default none */
  readonly writeOnlyForm?: string;
  /** The strings allowed, for the value or for each element. @default any string */
  readonly oneOf?: readonly string[];
  /** The rule for the string, or for each element. @default none */
  readonly rule?: Rule;
  /** The smallest number allowed. @default none */
  readonly minimum?: number;
  /** Whether only whole numbers are allowed. @default false */
  readonly integer?: boolean;
}

/** For which package types a server is known to serve repositories of one kind. */
export interface ServingSpec {
  /** The name of the system, e.g. `ArtifactAPI`. */
  readonly server: string;
  readonly kind: RepositoryKind;
  /** The package type, or the attribute that holds it. */
  readonly packageType: string | { readonly attribute: string };
  readonly served: readonly string[];
}

/** What the base classes know about one resource, data source or provider. */
export interface TypeSpec {
  /** Terraform's name, e.g. `artifactapi_remote_npm`. */
  readonly type: string;
  /** The attributes that can be set. */
  readonly attributes: readonly AttributeSpec[];
  /** Set when clients fetch packages from its objects and not every server serves all of them. */
  readonly serving?: ServingSpec;
}
