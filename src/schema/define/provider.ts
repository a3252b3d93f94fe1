import { refuseProblems } from './problems';
import type { DataSourceDefinition, EphemeralDefinition, FunctionDefinition, ResourceDefinition } from './definition';
import type { Attributes, Values } from './attribute';
import type { ApiClient, LogFields } from './client';
import type { JsonObject } from './json';
import type { ErrorDecoder } from './error-decoder';
import type { MoveSource } from './moves';

/**
 * A call that only the server itself answers as it should, and no gateway before it. Answers the objects that it lists, or nothing
 * where it is no list. Throws for every other answer.
 */
export type ServerProof = (client: ApiClient) => Promise<readonly JsonObject[] | undefined>;

/** What `connect` may use. */
export interface ConnectContext<A extends Attributes = Attributes> {
  /** The provider block with what the environment fills in, secrets included; `undefined` where nothing is set. */
  readonly config: Values<A>;
  /** Sends no credentials, but the `headers` of the provider block. */
  readonly client: ApiClient;
  /** Writes a line to the log; secrets of the configuration do not show in it. */
  log(message: string, fields?: LogFields): void;
}

/** A provider: its configuration and all it offers. */
export interface ProviderDefinition {
  /** Terraform's name for it, and the prefix of its types, e.g. `artifactapi`. */
  readonly name: string;
  /** The name of the system it manages, for texts, e.g. `ArtifactAPI`. */
  readonly title: string;
  readonly description: string;
  /** Its version. @default that of the npm package that it is built in */
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
  /** What to say when nothing says who asks. @default nothing, as for a server that asks nobody */
  readonly anonymousWarning?: string;
  /** How the API tells of failures in its bodies; nothing where the status says it all. */
  readonly errorDecoder?: ErrorDecoder;
  /**
   * How the server shows that it is the one that is meant, the surest first. A "not found" without a code of the API means that an
   * object is gone only when the server showed itself afterwards: by the object's list, or in one of these ways. @default by lists alone
   */
  readonly proofs?: readonly ServerProof[];
  readonly resources: readonly ResourceDefinition[];
  readonly dataSources: readonly DataSourceDefinition[];
  /** @default none */
  readonly ephemerals?: readonly EphemeralDefinition[];
  readonly functions: readonly FunctionDefinition[];
  /** Resource types of other providers whose objects can become ours by a `moved` block. @default none */
  readonly movesFrom?: readonly MoveSource[];
  /** The server's version, for attributes that need a newer one; nothing when it does not say. */
  readonly serverVersion?: (client: ApiClient) => Promise<string | undefined>;
  /** What a server says that it serves beyond what all servers of the API are known to: `<kind>/<package type>`, e.g. `virtual/npm`. @default nothing */
  readonly serves?: (client: ApiClient) => Promise<readonly string[]>;
  /** Attributes that are set to try the examples of the docs. */
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
  const { name, version, resources, dataSources = [], ephemerals = [], functions = [] } = source;
  if (!/^[a-z][a-z0-9]*$/.test(name))
    throw new Error(
      `the provider cannot be named "${name}"; a name consists of lower-case letters and digits and starts with a letter, e.g. "acme"`,
    );
  if (version !== undefined && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    throw new Error(`the provider ${name} cannot have the version "${version}"; write three numbers, e.g. "1.0.0"`);
  for (const [kind, types] of Object.entries({ resources, dataSources, ephemerals })) {
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
