import type { RepositoryKind } from '../../common/repository-url';
import type { Diagnostic } from '../../common/diagnostic';
import type { Value, ValueRecord } from '../../common/value';
import type { Attributes } from './attribute';
import type { ApiClient, ApiRequest, Binding, ObjectKey, Upload } from './binding';
import type { PlanCheckCall } from './hooks';
import type { ApiCase, Shape } from './shape';
import type { ActionServer, DataServer, Server } from './server';
import type { Opened, Renewed } from './ephemeral';
import type { JsonObject } from './json';
import type { Needs, ResourceOperation } from './needs';
import type { z } from 'zod';

/** A check across attributes of one configuration. It must accept unknown values. */
export type Check = (config: ValueRecord) => readonly Diagnostic[];

/** The lookups available to a plan-time check; see decision 16. */
export type PlanContext = Pick<PlanCheckCall<Attributes>, 'client' | 'find'>;

/** A plan-time check; `prior` is the state, nothing for a create. */
export type PlanCheck = (values: ValueRecord, context: PlanContext, prior: ValueRecord | undefined) => Promise<readonly Diagnostic[]>;

/** A configuration as written in TypeScript, for docs and tests; references are written `{ ref: 'type.name.attribute' }`. */
export type ExampleConfig = Readonly<Record<string, unknown>>;

/** Turns a stored state of an older schema version (parsed JSON) into the next version's. No I/O. */
export type StateUpgrader = (state: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** The children that deleting an object would lose; see decision 17. */
export interface DeleteGuard {
  /** The camelCase attribute (a boolean) that allows the loss. */
  readonly allow: string;
  /** The resource type of the children; children that are deleted in the same run are not lost. Their key starts with the parent's. */
  readonly childType: string;
  /** Some of the children, as keys of `childType` without the parent's part; empty if there are none. */
  list(server: Server, key: ObjectKey): Promise<readonly string[]>;
  /** Why the children of an object cannot be copied to another server file by file, and what to do instead. @default they can */
  uncopied?(values: ValueRecord): string | undefined;
}

/** A file as a list has it, with whatever an upload of it needs to know. */
export type ListedFile = JsonObject & {
  /** The part of its key after that of the object that it is in. */
  readonly name: string;
  /** SHA-256 in hex. @default only the content tells */
  readonly sha256?: string;
  /** Size in bytes. @default only the content tells */
  readonly size?: number;
};

/** An upload of a file that is copied from another server. */
export interface FileCopy {
  readonly content: Upload;
  /** SHA-256 of the content, in hex. */
  readonly sha256: string;
  /** The file as the other server lists it. */
  readonly file: ListedFile;
  /** Whether it takes the place of a file with other content. */
  readonly replaces: boolean;
}

/** How objects that are files are copied to another server; see decision 023. */
export interface Contents {
  /** All files in an object, such as a repository. */
  list(client: ApiClient, container: ObjectKey): Promise<readonly ListedFile[]>;
  /** The request for the content of a file. */
  request(key: ObjectKey): Pick<ApiRequest, 'path' | 'headers'>;
  /** Uploads a file. It is not called for files that the server has with the same content. */
  upload(client: ApiClient, key: ObjectKey, copy: FileCopy): Promise<void>;
}

/** How package clients use an object of a type; see `src/common/client-config`. */
export interface ClientUse {
  readonly kind: RepositoryKind;
  /** The package type, or the camelCase attribute that contains it. */
  readonly packageType:
    | string
    | {
        readonly attribute: string;
        /** The package types of its values. @default the values are package types */
        readonly names?: Readonly<Record<string, string>>;
      };
  /** The camelCase attribute with the project that a repository is in, for servers that have projects, and users. @default none */
  readonly project?: string;
  /** The package types for which every server of the API is known to serve repositories of this kind. @default all */
  readonly served?: readonly string[];
}

/**
 * A resource of another provider that declares the same object, e.g. as a Kubernetes manifest. The commands that read stacks and plans
 * (`check`, `diff`, `graph`) treat it like a resource of this type.
 */
export interface OtherForm {
  /** Namespace and name of the other provider, e.g. `hashicorp/kubernetes`. */
  readonly source: string;
  /** The resource type there, e.g. `kubernetes_manifest`. */
  readonly type: string;
  /** The values by which such an object is recognized, each with its path in the block. */
  readonly where: readonly { readonly path: readonly string[]; readonly value: string }[];
  /** The path of each attribute in the block, by camelCase name; a number in place of a string is converted. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** Attributes that always have the same value in this form. @default none */
  readonly fixed?: Readonly<Record<string, string | boolean>>;
}

/** An additional section of a docs page. */
export interface DocsSection {
  readonly title: string;
  readonly text: string;
}

/** One resource type, as used by the constructs, the provider, the docs and the tests. */
export interface ResourceDefinition<A extends Attributes = Attributes, K extends string = string> {
  /** Terraform's name, e.g. `artifactapi_remote_npm`. */
  readonly type: string;
  /** One or more sentences for the docs. */
  readonly description: string;
  readonly attributes: A;
  /** The camelCase attributes that make up the import id, joined by `/`; the last one may be optional. */
  readonly key: readonly K[];
  readonly binding: Binding;
  /** How the API writes its fields. @default 'snake' */
  readonly apiCase?: ApiCase;
  /** The children that a delete would lose, if any. */
  readonly deleteGuard?: DeleteGuard;
  /** Set if its objects are files that can be copied to another server. */
  readonly contents?: Contents;
  /** Set if clients fetch packages from its objects. */
  readonly clients?: ClientUse;
  /** Resources of other providers that declare the same objects. @default none */
  readonly otherForms?: readonly OtherForm[];
  /** Checks across attributes, made at validation. */
  readonly checks?: readonly Check[];
  /** Checks against the server, run at plan; they warn (decision 16). */
  readonly planChecks?: readonly PlanCheck[];
  /** The camelCase attribute (a boolean) that lets a create take over an existing object. @default existing objects are never taken over */
  readonly adoptAttribute?: string;
  /** The warning when an object that the server never deletes is removed. */
  readonly undeletable?: (state: ValueRecord) => Diagnostic;
  /** What the login needs at the server, by operation. @default not stated */
  readonly needs?: Needs<ResourceOperation>;
  /** Further sections of its docs page. @default none */
  readonly sections?: readonly DocsSection[];
  /** Schema version of the state. @default 0 */
  readonly version?: number;
  /** From version n (its index) to n + 1. */
  readonly upgraders?: readonly StateUpgrader[];
  /** Set when the resource is deprecated: what to use instead. */
  readonly deprecated?: string;
  /** A minimal and a full configuration; both are deployed by tests and shown in the docs. */
  readonly example: { readonly minimal: ExampleConfig; readonly full: ExampleConfig };
}

/** One data source, as the handler knows it. */
export interface DataSourceDefinition<A extends Attributes = Attributes> {
  /** Terraform's name, e.g. `artifactapi_remotes`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: A;
  readonly apiCase?: ApiCase;
  readonly checks?: readonly Check[];
  /** What the login needs at the server. @default not stated */
  readonly needs?: Needs<'read'>;
  /** Asks the server; the answer is read into the computed attributes. Nothing found gives `undefined`, which is an error. */
  read(server: DataServer, config: ValueRecord): Promise<JsonObject | undefined>;
  readonly example: ExampleConfig;
}

/** One ephemeral resource, as the handler knows it: created for one Terraform run, with values in neither plan nor state. */
export interface EphemeralDefinition<A extends Attributes = Attributes> {
  /** Terraform's name, e.g. `bkrepo_user_token`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: A;
  readonly apiCase?: ApiCase;
  readonly checks?: readonly Check[];
  /** What the login needs at the server. @default not stated */
  readonly needs?: Needs<'open' | 'close'>;
  open(server: Server, config: ValueRecord): Promise<Opened>;
  renew?(server: Server, kept: JsonObject): Promise<Renewed>;
  close?(server: Server, kept: JsonObject): Promise<void>;
  readonly example: ExampleConfig;
}

/** A check of an action against the server. */
export type ActionCheck = (config: ValueRecord, context: PlanContext) => Promise<readonly Diagnostic[]>;

/** One action, as the handler knows it: it changes the server, and leaves nothing in the state. */
export interface ActionDefinition<A extends Attributes = Attributes> {
  /** Terraform's name, e.g. `artifactapi_evict_objects`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: A;
  readonly apiCase?: ApiCase;
  readonly checks?: readonly Check[];
  readonly planChecks?: readonly ActionCheck[];
  /** What the login needs at the server. @default not stated */
  readonly needs?: Needs<'invoke'>;
  invoke(server: ActionServer, config: ValueRecord): Promise<void>;
  readonly example: ExampleConfig;
}

/** One provider function, as the handler knows it: pure, no I/O. */
export interface FunctionDefinition {
  /** Terraform's name, e.g. `repository_url`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly FunctionParameter[];
  readonly returns: Shape;
  /** Computes the result. Throws an `ArgumentError` when an argument is wrong. */
  call(args: readonly Value[]): Value;
  /** A call as written in HCL, and its result; run by tests and shown in the docs. */
  readonly example: { readonly call: string; readonly gives: string };
}

/** One parameter of a function. */
export interface FunctionParameter {
  /** The snake_case name. */
  readonly name: string;
  readonly description: string;
  readonly shape: Shape;
  /** Validates a known value. */
  readonly type: z.ZodType;
}

/** The import id of an object, e.g. `npm` or `project/repository`. */
export function idOf(key: readonly Value[]): string {
  return key.map(String).join('/').replace(/\/$/, '');
}
