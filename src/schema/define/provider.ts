import { refuseProblems } from './problems';
import type { ActionDefinition, DataSourceDefinition, EphemeralDefinition, FunctionDefinition, ResourceDefinition } from './definition';
import type { Attributes, Values } from './attribute';
import type { ApiClient, LogFields } from './client';
import type { JsonObject } from './json';
import type { ErrorDecoder } from './error-decoder';
import type { MoveSource } from './moves';

/**
 * A call that only the server itself answers correctly, not a gateway in front of it. Returns the objects that it lists, or nothing
 * if it is not a list. Throws for every other response.
 */
export type ServerProof = (client: ApiClient) => Promise<readonly JsonObject[] | undefined>;

/** The argument of `connect`. */
export interface ConnectContext<A extends Attributes = Attributes> {
  /** The provider block, completed from the environment, including secrets; `undefined` for what is not set. */
  readonly config: Values<A>;
  /** Sends the `headers` of the provider block, but no credentials. */
  readonly client: ApiClient;
  /** Writes a line to the log, with the secrets of the configuration redacted. */
  log(message: string, fields?: LogFields): void;
}

/** A provider: its configuration, resources, data sources, actions and functions. */
export interface ProviderDefinition {
  /** Terraform's name for it, and the prefix of its types, e.g. `artifactapi`. */
  readonly name: string;
  /** The name of the system it manages, for texts, e.g. `ArtifactAPI`. */
  readonly title: string;
  readonly description: string;
  /** Its version. @default that of its npm package */
  readonly version?: string;
  /** Its source address with host, e.g. `registry.terraform.io/acme/acme`. @default its name for the namespace too, in that host */
  readonly source?: string;
  /** The attributes of the provider block. Each may be set by an environment variable `NAME_ATTRIBUTE` too. */
  readonly attributes: Attributes;
  /**
   * Makes the client that hooks use from a bare one, e.g. `client.with({ headers, login })`. Called when Terraform configures the
   * provider; it may call the server. @default a bearer token or basic authentication, by the attributes of `connection()`
   */
  connect?(context: ConnectContext): ApiClient | Promise<ApiClient>;
  /** The warning when no credentials are set. @default none, for servers without authentication */
  readonly anonymousWarning?: string;
  /** Decodes failures from the bodies of the API; omitted if the status is enough. */
  readonly errorDecoder?: ErrorDecoder;
  /**
   * How the server proves its identity, the most reliable proof first. A "not found" without an API error code means that an
   * object is gone only if the server proved its identity afterwards: by the object's list, or by one of these proofs. @default by lists alone
   */
  readonly proofs?: readonly ServerProof[];
  readonly resources: readonly ResourceDefinition[];
  readonly dataSources: readonly DataSourceDefinition[];
  /** @default none */
  readonly ephemerals?: readonly EphemeralDefinition[];
  /** @default none */
  readonly actions?: readonly ActionDefinition[];
  readonly functions: readonly FunctionDefinition[];
  /** Resource types of other providers whose objects can become ours by a `moved` block. @default none */
  readonly movesFrom?: readonly MoveSource[];
  /** The server's version, for attributes that require a newer one; nothing if the server does not return it. */
  readonly serverVersion?: (client: ApiClient) => Promise<string | undefined>;
  /** What a server declares to serve in addition to what all servers of the API serve: `<kind>/<package type>`, e.g. `virtual/npm`. @default nothing */
  readonly serves?: (client: ApiClient) => Promise<readonly string[]>;
  /**
   * How the server decides what a login may do, as sentences for the docs: who grants permissions, and what to do if the server has no users.
   * @default the docs have no page of permissions
   */
  readonly access?: string;
  /** Attributes to set for trying the examples in the docs. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** A provider as its author writes it. */
export interface ProviderSource<A extends Attributes>
  extends
    Omit<ProviderDefinition, 'attributes' | 'connect' | 'dataSources' | 'functions'>,
    Partial<Pick<ProviderDefinition, 'dataSources' | 'functions'>> {
  /** The attributes of the provider block, mostly those of `connection()`. Each may be set by an environment variable `NAME_ATTRIBUTE` too. */
  readonly attributes: A;
  /**
   * Makes the client that hooks use from a bare one, e.g. `client.with({ headers, login })`. Called when Terraform configures the
   * provider; it may call the server. @default a bearer token or basic authentication, by the attributes of `connection()`
   */
  connect?(context: ConnectContext<A>): ApiClient | Promise<ApiClient>;
}

/** Declares a provider. Throws for a definition that cannot work. */
export function defineProvider<const A extends Attributes>(source: ProviderSource<A>): ProviderDefinition {
  const { name, version, resources, dataSources = [], ephemerals = [], actions = [], functions = [] } = source;
  if (!/^[a-z][a-z0-9]*$/.test(name))
    throw new Error(
      `the provider cannot be named "${name}"; a name consists of lower-case letters and digits and starts with a letter, e.g. "acme"`,
    );
  if (version !== undefined && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    throw new Error(`the provider ${name} cannot have the version "${version}"; write three numbers, e.g. "1.0.0"`);
  for (const [kind, types] of Object.entries({ resources, dataSources, ephemerals, actions })) {
    const names = types.map(({ type }) => type);
    const foreign = names.find((type) => !type.startsWith(`${name}_`));
    if (foreign !== undefined)
      throw new Error(
        `the provider ${name} has "${foreign}" in ${kind}; its types must start with "${name}_", because Terraform finds the provider by that prefix`,
      );
    const twice = names.find((type, index) => names.indexOf(type) !== index);
    if (twice !== undefined) throw new Error(`the provider ${name} has "${twice}" twice in ${kind}; each type is one definition`);
  }
  refuseProblems({ type: name, kind: 'provider', attributes: source.attributes, examples: [source.example] });
  return { ...source, dataSources, functions } as ProviderDefinition;
}
