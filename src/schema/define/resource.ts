import type { Diagnostic } from '../../common/diagnostic';
import type { Attributes, Values } from './attribute';
import { bindingOf, type HookSource, withDerived } from './compile';
import { compileCheck, compileContents, compileGuard, compilePlanCheck, compileUpgrader } from './compile-checks';
import type { ServerCall } from './server';
import type { ApiClient, ApiRequest } from './client';
import type { ClientUse, DocsSection, FileCopy, ListedFile, OtherForm, ResourceDefinition } from './definition';
import type { CheckHook, DerivedHooks, KeyOf, PlanCheckHook, ResourceHooks, UpgradeHook, VolatileHooks } from './hooks';
import type { Needs, ResourceOperation } from './needs';
import { refuseProblems } from './problems';
import { type ApiCase, type Field, fieldsOf } from './shape';
import { withTimeouts } from './timeouts';
import { hookValues } from './values';

/** A resource as its author writes it: its attributes, and the hooks that read and write it. */
export interface ResourceSource<A extends Attributes, K extends readonly (keyof A & string)[]> extends ResourceHooks<A, K[number]> {
  /** Terraform's name, e.g. `artifactapi_remote_npm`: the provider's, an underscore, and the kind of object. */
  readonly type: string;
  /** One or more sentences for the docs. */
  readonly description: string;
  readonly attributes: A;
  /** Names of the attributes that make up the import id, joined by `/`; the last one may be optional. */
  readonly key: K;
  /** How the API writes its fields. @default 'snake' */
  readonly apiCase?: ApiCase;
  /** Computes attributes from others, without the server. @default none */
  readonly derived?: DerivedHooks<A>;
  /** Which updates may change values that the server sets. @default all of them those that are `volatile`, and none the others */
  readonly volatile?: VolatileHooks<A>;
  /** Checks across attributes, run at validation. @default none */
  readonly checks?: readonly CheckHook<A>[];
  /** Checks against the server, run at plan. @default none */
  readonly planChecks?: readonly PlanCheckHook<A>[];
  /** The children that a delete would lose, if any. */
  readonly deleteGuard?: DeleteGuardHooks<A, K[number]>;
  /** Set if its objects are files that can be copied to another server. */
  readonly contents?: ContentsHooks<A, K[number]>;
  /** Set if clients fetch packages from its objects. */
  readonly clients?: ClientUse;
  /** Resources of other providers that declare the same objects. @default none */
  readonly otherForms?: readonly OtherForm[];
  /** The attribute (a boolean) that lets a create take over an existing object. @default existing objects are never taken over */
  readonly adoptAttribute?: keyof A & string;
  /** The warning when an object that the server never deletes is removed. */
  undeletable?(state: Values<A>): Diagnostic;
  /** What the login needs at the server, by operation; for the docs, `repoform doctor`, and the messages of refused requests. @default not stated */
  readonly needs?: Needs<ResourceOperation, A>;
  /** Further sections of its docs page. @default none */
  readonly sections?: readonly DocsSection[];
  /** Schema version of the state. @default 0 */
  readonly version?: number;
  /** From version n (its index) to n + 1. */
  readonly upgraders?: readonly UpgradeHook[];
  /** Set when the resource is deprecated: what to use instead. */
  readonly deprecated?: string;
  /** A minimal and a full configuration; both are deployed by tests and shown in the docs. */
  readonly example: { readonly minimal: Example<A>; readonly full: Example<A> };
}

/** What an object holds that its delete would lose. */
export interface DeleteGuardHooks<A extends Attributes, K extends keyof A> {
  /** The attribute (a boolean) that allows the loss. */
  readonly allow: keyof A & string;
  /** The resource type of the children; children that are deleted in the same run are not lost. Their key starts with the parent's. */
  readonly childType: string;
  /** Some of the children, as the parts of their keys after the parent's; empty if there are none. */
  list(call: ServerCall & { readonly key: KeyOf<A, K> }): Promise<readonly string[]>;
  /** Why the children of an object cannot be copied to another server file by file, and what to do instead. @default they can */
  uncopied?(values: Values<A>): string | undefined;
}

/** How objects that are files are copied to another server. */
export interface ContentsHooks<A extends Attributes, K extends keyof A> {
  /** All files in an object; the last part of the key is empty. */
  list(call: { readonly client: ApiClient; readonly key: KeyOf<A, K> }): Promise<readonly ListedFile[]>;
  /** The request for the content of a file. */
  request(key: KeyOf<A, K>): Pick<ApiRequest, 'path' | 'headers'>;
  /** Uploads a file. It is not called for files that the server has with the same content. */
  upload(call: FileCopy & { readonly client: ApiClient; readonly key: KeyOf<A, K> }): Promise<void>;
}

/** A configuration for docs and tests; references are written `{ ref: 'type.name.attribute' }`. */
export type Example<A extends Attributes> = { readonly [K in keyof A]?: unknown };

/** Declares a resource; it gets `timeouts` besides its own attributes. Throws for a definition that cannot work. */
export function defineResource<const A extends Attributes, const K extends readonly (keyof A & string)[]>(
  source: ResourceSource<A, K>,
): ResourceDefinition<A, K[number]> {
  const { type, key, apiCase, checks, planChecks, deleteGuard, contents, undeletable, upgraders } = source;
  const own = withDerived({
    type,
    attributes: source.attributes,
    derived: source.derived as DerivedHooks<Attributes>,
    volatile: source.volatile as VolatileHooks<Attributes>,
    apiCase,
  });
  const attributes = withTimeouts(type, own);
  const stranger = source.pathKeys?.find((name) => !(key as readonly string[]).includes(name));
  if (stranger !== undefined)
    throw new Error(`${type}: the path has "{${stranger}}", which is not in the key; name one of ${key.join(', ')}, or add it to the key`);
  refuseProblems({
    ...source,
    attributes,
    writable: true,
    forms: source.otherForms,
    switches: { 'deleteGuard.allow': deleteGuard?.allow, adoptAttribute: source.adoptAttribute },
    examples: [source.example.minimal, source.example.full],
  });
  const compiled: HookSource = { type, attributes, key, ...(apiCase && { apiCase }) };
  const fields = (): readonly Field[] => fieldsOf(attributes, apiCase);
  return {
    ...pick(source),
    type,
    key,
    attributes: attributes as unknown as A,
    binding: bindingOf(compiled, source as never),
    ...(checks && { checks: checks.map((check) => compileCheck(check as CheckHook<Attributes>, fields)) }),
    ...(planChecks && { planChecks: planChecks.map((check) => compilePlanCheck(check as PlanCheckHook<Attributes>, fields)) }),
    ...(deleteGuard && { deleteGuard: compileGuard(compiled, deleteGuard as never, fields) }),
    ...(contents && { contents: compileContents(compiled, contents as never) }),
    ...(upgraders && { upgraders: upgraders.map((upgrade) => compileUpgrader(upgrade, fields)) }),
    ...(undeletable && { undeletable: (state) => undeletable.call(source, hookValues(fields(), state) as never) }),
  };
}

/** The members that a definition has in both of its forms. */
function pick<A extends Attributes>(source: ResourceSource<A, readonly (keyof A & string)[]>): Shared {
  const { description, apiCase, clients, otherForms, adoptAttribute, needs, sections, version, deprecated, example } = source;
  const optional = { apiCase, clients, otherForms, adoptAttribute, needs, sections, version, deprecated };
  return { description, example, ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) };
}

type Shared = Omit<
  ResourceDefinition,
  'type' | 'key' | 'attributes' | 'binding' | 'checks' | 'planChecks' | 'deleteGuard' | 'contents' | 'upgraders' | 'undeletable'
>;
