import type { RepositoryKind } from '../../common/repository-url';

/**
 * A block of the configuration, with its values under Terraform's names (snake_case), completed with the defaults of its type. The readers
 * return `undefined` for what is not set or of another type, and end the check where a value is known only after apply; see `RuleSource`.
 */
export interface CheckedBlock {
  /** Terraform's address, e.g. `artifactapi_remote_npm.npm` or `provider.artifactapi`. */
  readonly address: string;
  /** Terraform's type, e.g. `artifactapi_remote_npm`; the name of the provider for its block. */
  readonly type: string;
  /** The stack, or the root module, that it is in. */
  readonly stack: CheckedStack;
  text(attribute: string): string | undefined;
  number(attribute: string): number | undefined;
  flag(attribute: string): boolean | undefined;
  /** The known texts of a list or set; unknown elements are left out. */
  texts(attribute: string): readonly string[];
  /** The elements of a list of objects, each with readers of its own. */
  records(attribute: string): readonly CheckedValues[];
  /** How many elements a list or set has, unknown ones included. */
  count(attribute: string): number;
  /** Whether it has a value other than `null`; sensitive and unknown values count. */
  isSet(attribute: string): boolean;
  /** The attributes that are set, secrets included. */
  readonly attributes: readonly string[];
}

/** An object within a block. */
export type CheckedValues = Pick<CheckedBlock, 'text' | 'number' | 'flag' | 'texts' | 'records' | 'count' | 'isSet' | 'attributes'>;

/** What package clients see of a resource. */
export interface CheckedRepository {
  readonly kind: RepositoryKind;
  /** Package type in lower case, e.g. `npm`. */
  readonly packageType: string | undefined;
  /** Package types for which every server of the API is known to serve repositories of this kind. */
  readonly served: readonly string[] | undefined;
}

/** An attribute that names another object. */
export interface Link {
  /** What it names; nothing if that is known only after apply. */
  readonly value: string | undefined;
  /** The object that is meant; nothing if the estate declares none, or several of that name. */
  readonly to: CheckedResource | undefined;
  /** Whether the estate declares anything of that name, or may do so. */
  readonly isDeclared: boolean;
}

/** A secret in a configuration. */
export interface CheckedSecret {
  /** Its path, e.g. `password` or `headers[0].value`. */
  readonly path: string;
  /** Whether the configuration spells it out, instead of referring to a variable; nothing where the input does not tell. */
  readonly isLiteral: boolean | undefined;
  /** The write-only attribute that would keep it out of the state, if it has one and does not use it. */
  readonly writeOnlyForm: string | undefined;
}

/** A resource, of any provider. */
export interface CheckedResource extends CheckedBlock {
  /** Its import id in quotes, else its name, else its address, whichever is known: for messages. */
  readonly label: string;
  /** The values of its key, joined by `/`; nothing while one of them is unknown, or for types without a definition. */
  readonly id: string | undefined;
  /** Tells objects of a server apart: its id, or what the unknown parts of that refer to; nothing where neither is known. */
  readonly identity: string | undefined;
  /** Name of its provider, e.g. `artifactapi`. */
  readonly provider: string;
  /** Identifies the server it is on, as far as the configuration tells. */
  readonly server: string;
  /** What it is to package clients; nothing for other resources. */
  readonly repository: CheckedRepository | undefined;
  /** The attribute that allows a delete to lose files, for resources that hold files. */
  readonly lossAttribute: string | undefined;
  readonly secrets: readonly CheckedSecret[];
  /** Whether the configuration sets an attribute, instead of leaving it to its default or to the server. */
  isWritten(attribute: string): boolean;
  /** What an attribute, or each element of it, names, in order. */
  links(attribute: string): readonly Link[];
}

/** A provider block. */
export interface CheckedProvider extends CheckedBlock {
  readonly secrets: readonly CheckedSecret[];
}

/** A synthesized stack, or the root module of a plan. */
export interface CheckedStack {
  readonly name: string;
  /** Type of the backend for its state, e.g. `local` or `s3`; `cloud` for HCP Terraform; nothing where the input does not tell. */
  readonly backend: string | undefined;
  readonly resources: readonly CheckedResource[];
}

/** Everything that is checked together: all stacks of an app, or one plan. */
export interface CheckedEstate {
  readonly stacks: readonly CheckedStack[];
  readonly resources: readonly CheckedResource[];
  /** Resources whose links in an attribute lead to this one. */
  linksTo(resource: CheckedResource): readonly { readonly from: CheckedResource; readonly attribute: string }[];
}

/** The server that an endpoint leads to. */
export interface CheckedServer {
  /** Some of the files that a resource holds; empty if it holds none, or does not exist. */
  filesOf(resource: CheckedResource): Promise<readonly string[]>;
  /** What it declares to serve in addition to what every server of its kind serves, as `<kind>/<package type>`, e.g. `virtual/npm`. */
  serves(): Promise<readonly string[]>;
}
