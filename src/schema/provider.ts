import type { Attributes } from './attribute';
import type { ApiClient } from './binding';
import type { DataSourceDefinition } from './data-source';
import type { FunctionDefinition } from './function';
import type { ResourceDefinition } from './resource';

/** A provider: its configuration and all it offers. */
export interface ProviderDefinition {
  /** Terraform's name for it, and the prefix of its types, e.g. `artifactapi`. */
  readonly name: string;
  /** The name of the system it manages, for texts, e.g. `ArtifactAPI`. */
  readonly title: string;
  readonly description: string;
  /** The attributes of the provider block. Each may be set by an environment variable `NAME_ATTRIBUTE` too. */
  readonly attributes: Attributes;
  readonly resources: readonly ResourceDefinition[];
  readonly dataSources: readonly DataSourceDefinition[];
  readonly functions: readonly FunctionDefinition[];
  /** The server's version, for attributes that need a newer one; nothing when it does not say. */
  readonly serverVersion?: (client: ApiClient) => Promise<string | undefined>;
  /** Attributes that are set to try the examples of the docs. */
  readonly example: Readonly<Record<string, unknown>>;
}
