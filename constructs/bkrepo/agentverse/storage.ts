import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { urlProblem } from '../../../src/common/urls';
import { endpointInput } from '../../base/endpoint';
import { functionCall, hashNumber } from '../../base/provider-function';
import { setProblems } from '../../base/problems';
import { checkProps, type PropNames } from '../../base/props';
import { isToken } from '../../base/token';
import { LocalRepository, Permission, Project, RepositoryAccessMode, User, UserToken } from '../../generated/bkrepo';
import type { AgentVerseAction, AgentVerseStorageProps } from './props';
import { storageCompose, storageEnvironment, storageToml, type AgentVerseEnvironment } from './texts';

/** What uploads, downloads and deletes of files need. On the repository itself, DELETE would let the service delete the whole repository. */
const needed: readonly AgentVerseAction[] = ['WRITE', 'DOWNLOAD', 'DELETE'];

/**
 * The storage of AgentVerse's packages: a project, a generic repository in it, a service user, and a permission with exactly what the
 * service needs.
 *
 * The permission is on the files, not on the repository, so the service can neither change nor delete the repository. For such
 * permissions to take effect, the repository has the access mode STRICT: besides administrators, only users with a permission on its
 * paths can access its files.
 *
 * It also provides the configuration of AgentVerse: `toml`, `environment` and `dockerCompose()`. They contain no secret; AgentVerse gets
 * the password as `BKREPO_PASSWORD`, in Kubernetes from `AgentVerseCredentials`.
 *
 * @example
 * const password = secretVariable(this, 'agentverse_password', { description: 'Password of the user agentverse-service' });
 * new AgentVerseStorage(this, 'agentverse', {
 *   project: 'ai-platform',
 *   repository: 'agentverse-pkgs',
 *   passwordWo: password.stringValue,
 * });
 */
export class AgentVerseStorage extends Construct {
  /** The project, when the construct made it. */
  readonly project: Project | undefined;
  /** The repository that holds the packages. */
  readonly repository: LocalRepository;
  /** The user that the service logs in as. */
  readonly user: User;
  /** Makes permissions on paths take effect in the repository. */
  readonly accessMode: RepositoryAccessMode;
  /** What the user may do with files. */
  readonly permission: Permission;
  /** The token, when one was asked for; its `token` is what the service logs in with. */
  readonly token: UserToken | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AgentVerseStorageProps,
  ) {
    super(scope, id);
    const { project, repository = 'agentverse-packages', username = 'agentverse-service', passwordWo } = props;
    const shared = props.provider && { provider: props.provider };
    checkProps(this, props, propNames);
    setProblems(this, 'AgentVerseStorage', problemsWith(props));

    this.project =
      typeof project === 'string' ? new Project(this, 'project', { ...shared, ...projectOf(props), name: project }) : undefined;
    this.repository = new LocalRepository(this, 'repository', {
      ...shared,
      description: 'AgentVerse skill packages',
      ...props.repositorySettings,
      project: this.projectId,
      name: repository,
      type: 'GENERIC',
    });
    this.accessMode = new RepositoryAccessMode(this, 'mode', {
      ...shared,
      project: this.repository.project,
      repository: this.repository.name,
      mode: 'STRICT',
    });
    this.user = new User(this, 'user', { ...shared, name: 'AgentVerse', ...props.userSettings, userId: username, passwordWo });
    this.permission = new Permission(this, 'permission', {
      ...shared,
      project: this.repository.project,
      resourceType: 'NODE',
      name: `${repository}-agentverse`,
      repositories: [this.repository.name],
      includePattern: ['/'],
      users: [this.user.userId],
      actions: [...(props.actions ?? needed)],
      // Until the mode is set, reading it makes the server store another one if there is such a permission.
      dependsOn: [this.accessMode],
    });
    const { token } = props;
    this.token = token && new UserToken(this, 'token', { ...shared, ...token, user: this.user.userId });
  }

  /** The TOML text for AgentVerse's configuration file: `[object_store]` and `[object_store.bkrepo]`, with an empty password. */
  get toml(): string {
    const { overwrite = true } = this.props;
    const { repository, username } = this.names;
    return storageToml({ endpoint: this.endpoint, project: this.projectId, repository, username, overwrite });
  }

  /**
   * The environment variables `OBJECT_STORE_BACKEND`, `BKREPO_USERNAME` and `BKREPO_PASSWORD`; the last one is the reference
   * `${BKREPO_PASSWORD}`, which the deployment of AgentVerse resolves.
   */
  get environment(): AgentVerseEnvironment {
    return storageEnvironment(this.names.username);
  }

  /** The same as a fragment of a `docker-compose.yml`; Compose takes `BKREPO_PASSWORD` from its own environment. */
  dockerCompose(service = 'agentverse'): string {
    return storageCompose(service, this.names.username);
  }

  /** User name and password (or token) for a secret store, as references. They can be used only in write-only arguments and provider blocks. */
  get credentials(): Readonly<Record<'BKREPO_USERNAME' | 'BKREPO_PASSWORD', string>> {
    return { BKREPO_USERNAME: this.names.username, BKREPO_PASSWORD: this.token ? this.token.token : this.props.passwordWo };
  }

  /** A number that changes with the credentials, for arguments that say when a write-only one is sent again. */
  get credentialsRevision(): number {
    if (this.token) return hashNumber(this.token.token);
    return this.user.passwordWoVersionInput ?? this.user.passwordWoRevision;
  }

  private get projectId(): string {
    const { project } = this.props;
    return typeof project === 'string' ? (this.project as Project).projectId : project.projectId;
  }

  /** The literal names, or references. */
  private get names(): { readonly repository: string; readonly username: string } {
    const { nameInput } = this.repository;
    const { userIdInput } = this.user;
    return {
      repository: nameInput === undefined || isToken(nameInput) ? this.repository.name : nameInput,
      username: userIdInput === undefined || isToken(userIdInput) ? this.user.userId : userIdInput,
    };
  }

  /** The endpoint without trailing slashes. If only the provider knows it, it is the beginning of the URL of the repository. */
  private get endpoint(): string {
    const endpoint = this.props.endpoint ?? endpointInput(this.repository, 'bkrepo');
    if (endpoint === undefined) {
      const path = `/generic/${this.projectId}/${this.repository.name}`;
      return Token.asString(functionCall('trimsuffix', [this.repository.url, path]));
    }
    return isToken(endpoint) ? Token.asString(functionCall('replace', [endpoint, '//+$/', ''])) : endpoint.replace(/\/+$/, '');
  }
}

const projectOf = ({ projectSettings }: AgentVerseStorageProps) => ({
  displayName: 'AgentVerse Packages',
  description: 'AI agent artifact storage',
  ...projectSettings,
});

const propNames: PropNames<AgentVerseStorageProps> = {
  project: 'required',
  passwordWo: 'required',
  repository: 'optional',
  username: 'optional',
  overwrite: 'optional',
  actions: 'optional',
  token: 'optional',
  endpoint: 'optional',
  projectSettings: 'optional',
  repositorySettings: 'optional',
  userSettings: 'optional',
  provider: 'optional',
};

function problemsWith({ endpoint, actions = [], token }: AgentVerseStorageProps): string[] {
  const problem = endpoint !== undefined && !isToken(endpoint) ? urlProblem(endpoint) : undefined;
  return [
    ...(problem === undefined ? [] : [`endpoint: ${problem}`]),
    ...((actions as readonly string[]).includes('MANAGE')
      ? [
          `actions contains MANAGE, with which the service could grant rights to others; allowed are ${needed.join(', ')} and READ, VIEW, UPDATE`,
        ]
      : []),
    ...(token && (token.storeSecretInState as unknown) !== true
      ? [
          'token.storeSecretInState is not true; a token that is passed on must be stored in the state, so set it, or leave the token out and use the password',
        ]
      : []),
  ];
}
