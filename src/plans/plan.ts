import type { AttributePath } from '../common/diagnostic';
import type { UNKNOWN } from '../common/value';
import type { ProviderDefinition } from '../schema/define';
import type { KnownType } from './known';
import type { PlanRecord } from './value';

/** How an attribute is written in the configuration: as a value, or as an expression with references. */
export type Written = 'literal' | 'expression';

/** A resource that a stack declares, or that a plan is about. */
export interface Declared {
  /** Its full address, e.g. `module.team["a"].artifactapi_remote_npm.npm`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  /** Its resource type; of an object that a resource of another provider declares, the type of ours that it is a form of. */
  readonly type: string;
  /** The type of the other provider that declares it, e.g. `kubernetes_manifest`. @default - it is of its own type */
  readonly declaredAs?: string;
  /** Its name in the configuration. */
  readonly name: string;
  /** The source address of its provider, e.g. `registry.terraform.io/repoform/artifactapi`. */
  readonly source: string;
  /** What the definitions say of its type; nothing for data sources, and for the types of other providers. */
  readonly known?: KnownType;
  /**
   * Its values under Terraform's names: in a plan those after apply, or those before for an object that goes; in a stack those that are
   * declared, with defaults. Only of known types; empty for the others.
   */
  readonly values: PlanRecord;
  /** The attributes that the configuration sets. */
  readonly written: ReadonlyMap<string, Written>;
  /**
   * The addresses that attributes refer to, by their paths, e.g. `members[0]`; of a plan, whose configuration has no more, by the names of
   * attributes alone.
   */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** The path of its construct, if a CDK synthesized it, e.g. `registry/npm`. */
  readonly construct?: string;
}

/** A provider block. */
export interface ProviderBlock {
  /** Its name in the configuration. */
  readonly name: string;
  readonly alias?: string;
  readonly source: string;
  readonly known?: ProviderDefinition;
  /** The values that are written there; only of known providers. */
  readonly values: PlanRecord;
  readonly written: ReadonlyMap<string, Written>;
}

/** What is declared, by a stack or by a plan. */
export interface Estate {
  readonly objects: readonly Declared[];
  readonly providers: readonly ProviderBlock[];
}

/** A stack as a CDK core synthesized it. */
export interface Stack extends Estate {
  readonly name: string;
  /** The type of its backend, e.g. `s3`; `cloud` for HCP Terraform. @default no block, which is `local` */
  readonly backend?: string;
}

/** What a plan does to an object. `replace` is a delete and a create; `forget` leaves it on the server. */
export type Action = 'none' | 'create' | 'read' | 'update' | 'replace' | 'delete' | 'forget';

/** What a plan does to one object, or what was done to it outside. */
export interface Change {
  readonly object: Declared;
  readonly action: Action;
  /** The values before; nothing for an object that is new. */
  readonly before?: PlanRecord;
  /** The values after; nothing for an object that goes. */
  readonly after?: PlanRecord;
  /** For a replacement, the attributes whose changes force it. */
  readonly replacePaths: readonly AttributePath[];
  /** Whether a replacement leaves the old object on the server. */
  readonly keepsOld?: boolean;
  /** Why, in the words of the core, e.g. `delete_because_no_resource_config`. */
  readonly reason?: string;
  /** The address that it had before. */
  readonly movedFrom?: string;
  /** The id by which it is imported. */
  readonly importId?: string | typeof UNKNOWN;
  /** Set for what is left of an earlier replacement: the key by which the state has it. */
  readonly deposed?: string;
  /** Set for a change that a later run makes: why, in the words of the core. */
  readonly deferred?: string;
}

/** An action (Terraform 1.14 and later) that a plan runs. */
export interface Invocation {
  /** Its address, e.g. `action.artifactapi_probe_remote.npm`. */
  readonly address: string;
  /** The address of the resource that triggers it; nothing if it is run by hand (`-invoke`). */
  readonly triggeredBy?: string;
}

/** A plan. Its `objects` are those that are there after it. */
export interface Plan extends Estate {
  /** The version of the core that made it. */
  readonly coreVersion?: string;
  /** Every object, also those that stay as they are. */
  readonly changes: readonly Change[];
  /** What was changed outside of Terraform since the last run. */
  readonly drift: readonly Change[];
  /** The actions that it runs, in their order. */
  readonly invocations: readonly Invocation[];
  /** Outputs that change, by name. */
  readonly outputs: ReadonlyMap<string, Action>;
  /** Whether planning failed: then the plan has only a part of the changes. */
  readonly errored: boolean;
  /** Whether another plan is needed after this one. */
  readonly incomplete: boolean;
}
