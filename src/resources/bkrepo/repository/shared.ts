import { bkrepoUrl, type RepositoryKind } from '../../../common/repository-url';
import {
  type Attributes,
  attr,
  baseUrl,
  type CheckHook,
  type Config,
  type DeriveContext,
  defineResource,
  type Diagnostic,
  error,
  known,
  nested,
  type PlanCheckCall,
  type PlanCheckHook,
  type ResourceDefinition,
  type ResourceHooks,
  type ResourceSource,
  secret,
  text,
  z,
} from '../../../schema/define';
import { callerOf } from '../calls';
import { inProject, projectId, repositoryName } from '../names';
import { type Category, repositoryHooks, strangerOwns } from './hooks';
import { projectAdministrator, repositoryAdministrator, repositoryReader } from '../rights';
import { packageTypes } from './types';
import { checkSettings, extraSettings, sameSettings, settings } from './settings';

const description = text((value) => (value.length <= 200 ? undefined : `it has ${value.length} characters; allowed are at most 200`));

/** The attributes that every repository has. */
const common = (types: readonly string[], error?: string) => ({
  project: attr(projectId, 'The project it belongs to (`project_id` of a `bkrepo_project`).', {
    api: 'projectId',
    forceNew: true,
    ...inProject,
  }),
  name: attr(repositoryName, 'Name of the repository, unique in its project across all types.', { forceNew: true }),
  type: attr(z.enum(types, error === undefined ? {} : { error }), 'Package type.', { forceNew: true }),
  description: attr(description.default(''), 'What the repository is for.'),
  displayName: attr(z.string().default(''), 'Display name.'),
  public: attr(z.boolean().default(false), 'Whether everyone may read it without logging in.', { impact: 'grants' }),
  display: attr(z.boolean().default(true), 'Whether lists show it to users other than administrators.'),
  visibility: attr(
    z.enum(['PROJECT', 'PERSONAL', 'SYSTEM']).default('PROJECT'),
    'Who sees it: PROJECT for the users of its project, PERSONAL for `owner` only, SYSTEM to hide it from lists (it can still be read by name).',
    { forceNew: true, impact: { mostOpenFirst: ['PROJECT', 'SYSTEM', 'PERSONAL'] } },
  ),
  owner: attr(
    z.string().min(1).optional(),
    "User who owns it, for the visibility PERSONAL. It must be the provider's user: nobody else, administrators included, can read, change or delete the repository.",
    { forceNew: true },
  ),
  storageCredentialsKey: attr(
    z.string().min(1).optional(),
    'Key of the storage credentials for its files. If omitted, the configuration of the server and the project decides.',
    { forceNew: true, computed: true },
  ),
  quota: attr(
    z.number().int().min(0).optional(),
    'Maximum total size of its files, in bytes. It can be changed but never unset: if omitted, the server keeps its current value.',
    { computed: true },
  ),
  settings: attr(settings.optional(), 'Settings of the repository on the server. Omitted settings are not set.', { api: 'settings' }),
  extraSettings: attr(
    extraSettings.optional(),
    'Settings that have no attribute of their own, as JSON texts by key. If omitted, those on the server stay.',
    { computed: true, semanticEquals: sameSettings },
  ),
  url: attr(z.string(), 'URL of the repository for clients of its type.'),
});

const credentialKey = attr(z.string().min(1).optional(), 'Key of credentials stored on the server, instead of a password.', {
  impact: 'credentials',
});
const milliseconds = z.int().min(1).default(10_000);

/** How the server reaches upstreams and how long it keeps what it got, below one place of the configuration. */
export const upstreamAttributes = (at: string) => ({
  connectTimeout: attr(milliseconds, 'Timeout for connecting to the upstream, in milliseconds.', {
    api: `${at}.network.connectTimeout`,
  }),
  readTimeout: attr(milliseconds, 'Timeout for reading from the upstream, in milliseconds.', { api: `${at}.network.readTimeout` }),
  networkProxy: attr(
    nested({
      host: attr(z.string().min(1), 'Host of the proxy server.'),
      port: attr(z.int().min(1).max(65_535), 'Port of the proxy server.'),
      username: attr(z.string().min(1).optional(), 'User name for the proxy server.'),
    }).optional(),
    'Proxy server for requests to the upstream.',
    { api: `${at}.network.proxy` },
  ),
  ...secret('networkProxyPassword', 'Password for the proxy server.', { api: `${at}.network.proxy.password`, requires: ['networkProxy'] }),
  cacheEnabled: attr(z.boolean().default(true), 'Whether fetched files are cached.', { api: `${at}.cache.enabled` }),
  cacheExpiration: attr(z.int().default(-1), 'Minutes after which cached files are fetched again; 0 or less means never.', {
    api: `${at}.cache.expiration`,
    semanticEquals: (a, b) => a <= 0 && b <= 0,
  }),
});

/** Where an upstream is and who asks there, below one place of the configuration. */
export const credentialAttributes = (at: string) => ({
  username: attr(z.string().min(1).optional(), 'User name for the upstream.', { api: `${at}.username`, impact: 'credentials' }),
  ...secret('password', 'Password for the upstream.', { api: `${at}.password`, requires: ['username'] }),
  credentialKey: attr(credentialKey.type, credentialKey.description, {
    ...credentialKey.facts,
    api: `${at}.credentialKey`,
    conflicts: ['password', 'passwordWo'],
  }),
});

/** One upstream of a composite repository. */
export const channel = nested({
  name: attr(
    text((name) => (name.trim() === name && name !== '' ? undefined : `"${name}" is empty or has leading or trailing spaces`)),
    'Name of the channel, unique in the repository. The server changes `credential_key` only together with the name.',
  ),
  url: attr(baseUrl, 'Base URL of the upstream.', { impact: 'upstream' }),
  public: attr(z.boolean().default(true), 'Whether the upstream allows anonymous access.'),
  username: attr(z.string().min(1).optional(), 'User name for the upstream; set its password in `channel_passwords_wo`.', {
    impact: 'credentials',
  }),
  credentialKey,
});

type Common = ReturnType<typeof common>;

/** What a category says of itself. */
export interface RepositoryCategory<A extends Attributes>
  extends Category, Pick<ResourceSource<A & Common, ('project' | 'name')[]>, 'deleteGuard'> {
  readonly description: string;
  readonly types: readonly string[];
  /** Why other types are refused. */
  readonly typesError?: string;
  readonly attributes: A;
  readonly checks?: readonly CheckHook<A & Common>[];
  readonly planChecks?: readonly PlanCheckHook<A & Common>[];
  /** Which of the kinds it is to clients. @default clients of packages do not use it */
  readonly clients?: RepositoryKind;
  /** Values for the examples, besides project and name. */
  readonly example: { readonly minimal: Readonly<Record<string, unknown>>; readonly full: Readonly<Record<string, unknown>> };
}

/** The resource `bkrepo_<category>_repository`. */
export function repositoryOf<const A extends Attributes>(
  category: RepositoryCategory<A>,
): ResourceDefinition<A & Common, 'project' | 'name'> {
  const name = category.name.toLowerCase();
  const minimal = { project: { ref: 'bkrepo_project.example.project_id' }, name: `${name}-packages`, ...category.example.minimal };
  const { checks = [], planChecks = [], deleteGuard, clients: kind } = category;
  const attributes: Common & A = { ...common(category.types, category.typesError), ...category.attributes };
  return defineResource<Common & A, readonly ['project', 'name']>({
    type: `bkrepo_${name}_repository`,
    description: category.description,
    apiCase: 'camel',
    attributes,
    key: ['project', 'name'],
    derived: { url: repositoryUrl } as never,
    ...(repositoryHooks(category) as unknown as ResourceHooks<Common & A, 'project' | 'name'>),
    checks: [checkSettings, checkOwner, ...checks] as never,
    planChecks: [sameStorage, ownOwner, ...planChecks] as never,
    ...(deleteGuard && { deleteGuard }),
    needs: {
      list: [{ permission: repositoryReader, at: { repository: 'name' } }],
      read: [{ permission: repositoryReader, at: { repository: 'name' } }],
      create: [projectAdministrator],
      update: [{ permission: repositoryAdministrator, at: { repository: 'name' } }],
      delete: [{ permission: repositoryAdministrator, at: { repository: 'name' } }],
    } as never,
    ...(kind && { clients: { kind, packageType: { attribute: 'type', names: packageTypes }, project: 'project' } }),
    example: {
      minimal,
      full: {
        ...minimal,
        description: 'Packages of the payment teams',
        displayName: 'Packages',
        public: false,
        display: true,
        quota: 10_737_418_240,
        settings: { responseRateLimit: '10MB', system: false },
        extraSettings: { team: '"payments"' },
        ...category.example.full,
      },
    } as never,
  });
}

const repositoryUrl = (
  { project, name, type }: { readonly project: string; readonly name: string; readonly type: string },
  { endpoint }: DeriveContext,
): string => bkrepoUrl(endpoint, type, `${project}/${name}`);

/** The server refuses a new repository of the same name with other storage credentials until it has cleaned up the old one, days later. */
function sameStorage({ planned, prior }: PlanCheckCall<Common>): Diagnostic[] {
  const { storageCredentialsKey, project, name } = planned;
  const [before, now] = [prior?.storageCredentialsKey, known(storageCredentialsKey)];
  const moved = project !== prior?.project || name !== prior?.name;
  if (!prior || moved || now === before || (now === undefined && storageCredentialsKey !== undefined)) return [];
  const detail = `"storage_credentials_key": the server cannot change it from ${storage(before)} to ${storage(now)}, and rejects a new repository of the same name with other storage credentials for days. Give the repository another name too.`;
  return [error('Invalid Attribute Value', detail, ['storageCredentialsKey'])];
}

const storage = (key: string | undefined): string => (key === undefined ? 'the default' : `"${key}"`);

/** Refuses to create a repository that only another user could read, change or delete. */
function ownOwner({ planned, client }: PlanCheckCall<Common>): Diagnostic[] {
  const problem = strangerOwns(planned, callerOf(client));
  return problem === undefined ? [] : [error('Invalid Attribute Value', `"owner": ${problem}.`, ['owner'])];
}

function checkOwner({ visibility, owner }: Config<Common>): Diagnostic[] {
  if (visibility !== 'PERSONAL' || owner !== undefined) return [];
  return [
    error('Missing Attribute', '"owner" is not set; a repository with visibility PERSONAL requires it. Set it to the provider\'s user.', [
      'owner',
    ]),
  ];
}
