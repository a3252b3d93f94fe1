import { Token, type TerraformMetaArguments, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import type { ClientConfigOptions } from '../base/client-config';
import { urlProblem } from '../../src/common/urls';
import { setProblems } from '../base/problems';
import { checkProps, type PropNames } from '../base/props';
import { functionCall } from '../base/provider-function';
import { isToken } from '../base/token';
import { Virtual, type NamedRepository } from './virtual';
import { privateNameProblem, privatePatterns, privateSettings, type NameLayout } from '../../src/common/private-names';

/** What a front needs to know about the configuration of its remote. */
export interface FrontRemoteConfig extends TerraformMetaArguments {
  readonly name: string;
  readonly baseUrl: string;
  readonly blocklist?: string[];
}

/** What a front needs to know about the configuration of its local repository. */
export interface FrontLocalConfig extends TerraformMetaArguments {
  readonly name: string;
}

/** Properties of every front. */
export interface FrontProps<Remote extends FrontRemoteConfig, Local extends FrontLocalConfig> {
  /** Name of the virtual repository, which clients use. */
  readonly name: string;
  /** Base URL of the public upstream, without user name or password. */
  readonly upstream: string;
  /**
   * Names that belong to the organization and are never fetched from the upstream. A name that ends with `/`, `-`, `.` or `_` stands
   * for all names with that prefix, any other for itself.
   *
   * @default none, so that the upstream can answer for any name that the internal repository lacks
   */
  readonly privateNames?: readonly string[];
  /**
   * What the repositories are for.
   *
   * @default ""
   */
  readonly description?: string;
  /**
   * Name of the remote repository.
   *
   * @default the name followed by "-remote"
   */
  readonly remoteName?: string;
  /**
   * Name of the local repository.
   *
   * @default the name followed by "-internal"
   */
  readonly internalName?: string;
  /**
   * Further settings of the remote; its blocklist is added to the patterns of the private names.
   *
   * @default none
   */
  readonly remote?: Partial<Omit<Remote, 'name' | 'baseUrl' | 'provider'>>;
  /**
   * Further settings of the local repository.
   *
   * @default none
   */
  readonly internal?: Partial<Omit<Local, 'name' | 'provider'>>;
  /**
   * The provider of all three.
   *
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
}

/** A remote with a client configuration. */
export interface FrontRemote extends NamedRepository {
  clientConfig(options?: ClientConfigOptions<never>): string;
}

type FormatOf<Remote extends FrontRemote> =
  NonNullable<Parameters<Remote['clientConfig']>[0]> extends ClientConfigOptions<infer Format> ? Format : never;

/** What one kind of front is made of. */
export interface FrontParts<Remote, RemoteConfig, Local, LocalConfig> {
  readonly packageType: string;
  readonly remote: new (scope: Construct, id: string, config: RemoteConfig) => Remote;
  readonly internal: new (scope: Construct, id: string, config: LocalConfig) => Local;
  readonly names: NameLayout;
}

/**
 * A public upstream and an internal repository under one name. The internal one is asked first, and names that belong to the
 * organization are blocked on the upstream, so that nobody outside can answer for them.
 */
export abstract class Front<Remote extends FrontRemote, Local extends NamedRepository> extends Construct {
  /** The caching proxy of the upstream. */
  readonly remote: Remote;
  /** The repository for packages of your own. */
  readonly internal: Local;
  /** Both under one name, the internal one first; what clients use. */
  readonly virtual: Virtual;
  private readonly settings: string;

  protected constructor(scope: Construct, id: string, made: (self: Construct) => FrontMembers<Remote, Local>) {
    super(scope, id);
    const { remote, internal, virtual, settings } = made(this);
    this.remote = remote;
    this.internal = internal;
    this.virtual = virtual;
    this.settings = settings;
  }

  /** The configuration text that points a client at the front. */
  clientConfig(options: ClientConfigOptions<FormatOf<Remote>> = {}): string {
    return this.virtual.clientConfig(options as ClientConfigOptions<never>) + this.settings;
  }
}

/** The three repositories of a front. */
export interface FrontMembers<Remote, Local> {
  readonly remote: Remote;
  readonly internal: Local;
  readonly virtual: Virtual;
  /** What clients have to be told of the private names. */
  readonly settings: string;
}

const propNames: PropNames<FrontProps<FrontRemoteConfig, FrontLocalConfig>> = {
  name: 'required',
  upstream: 'required',
  privateNames: 'optional',
  description: 'optional',
  remoteName: 'optional',
  internalName: 'optional',
  remote: 'optional',
  internal: 'optional',
  provider: 'optional',
};

/** Stands in for an invalid upstream, so that the remote does not report the same problem under another name. */
const placeholder = 'https://upstream.invalid';

/** The upstream, if it is valid. */
function upstreamOf(self: Construct, upstream: string): string {
  const problem = typeof upstream !== 'string' || isToken(upstream) ? undefined : urlProblem(upstream);
  setProblems(self, 'upstream', problem === undefined ? [] : [`upstream: ${problem}`]);
  return upstream === undefined || problem !== undefined ? placeholder : upstream;
}

/** Makes the three repositories of a front. */
export function frontMembers<
  Remote extends NamedRepository,
  RemoteConfig extends FrontRemoteConfig,
  Local extends NamedRepository,
  LocalConfig extends FrontLocalConfig,
>(parts: FrontParts<Remote, RemoteConfig, Local, LocalConfig>, props: FrontProps<RemoteConfig, LocalConfig>) {
  return (self: Construct): FrontMembers<Remote, Local> => {
    checkProps(self, props, propNames);
    const { name, description, provider } = props;
    const shared = { ...(description !== undefined && { description }), ...(provider && { provider }) };
    const { blocklist, settings } = ownedBy(self, parts.names, props);
    // The compiler cannot see that a generic configuration is complete again after its omitted properties are added.
    const remote = new parts.remote(self, 'remote', {
      ...shared,
      ...props.remote,
      name: props.remoteName ?? `${name}-remote`,
      baseUrl: upstreamOf(self, props.upstream),
      ...(blocklist.length > 0 && { blocklist }),
    } as unknown as RemoteConfig);
    const internal = new parts.internal(self, 'internal', {
      ...shared,
      ...props.internal,
      name: props.internalName ?? `${name}-internal`,
    } as unknown as LocalConfig);
    const members = [internal.name, remote.name];
    const virtual = new Virtual(self, 'virtual', { ...shared, name, packageType: parts.packageType, members });
    return { remote, internal, virtual, settings };
  };
}

/** What follows from the private names: for the upstream's remote, and for clients. */
function ownedBy(
  self: Construct,
  names: NameLayout,
  { privateNames = [], remote }: FrontProps<FrontRemoteConfig, FrontLocalConfig>,
): { blocklist: string[]; settings: string } {
  const { blocklist = [] } = remote ?? {};
  const valid = validNames(self, names, privateNames);
  const owned = privatePatterns(names, valid);
  const settings = privateSettings(names, valid);
  if (owned.length === 0) return { blocklist, settings };
  return { blocklist: isToken(blocklist) ? Token.asList(functionCall('concat', [owned, blocklist])) : [...owned, ...blocklist], settings };
}

function validNames(self: Construct, names: NameLayout, privateNames: readonly string[]): readonly string[] {
  if (isToken(privateNames) || privateNames.some(isToken)) {
    setProblems(self, 'privateNames', ['privateNames contains an expression; its patterns can be made only from literal names']);
    return [];
  }
  const problems = privateNames.flatMap((name) => privateNameProblem(names, name) ?? []);
  setProblems(self, 'privateNames', problems);
  return problems.length > 0 ? [] : privateNames;
}
