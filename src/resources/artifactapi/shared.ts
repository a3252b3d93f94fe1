import type { PackageType, RemoteAttribute } from '../../common/package-type';
import { type RepositoryKind, artifactapiUrl } from '../../common/repository-url';
import { sameUrl } from '../../common/urls';
import {
  attr,
  type Attribute,
  baseUrl,
  type DeriveContext,
  type DocsSection,
  defineResource,
  type Impact,
  pattern,
  repositoryName,
  type ResourceDefinition,
  rest,
  seconds,
  secret,
  z,
} from '../../schema/define';
import { clientNames, passwordForUser } from './checks';
import { filesAt, objectsPath } from './objects';
import { remotesPath } from './paths';

const patterns = (): z.ZodDefault<z.ZodArray<typeof pattern>> => z.array(pattern).default([]);

/** The attributes that every repository has. */
export const repository = {
  name: attr(repositoryName, 'Name of the repository, unique on the server. Clients see it in their URLs.', { forceNew: true }),
  description: attr(z.string().default(''), 'What the repository is for.'),
  url: attr(z.string(), 'URL of the repository for clients.'),
};

/** What an attribute says that names a remote. */
export const ofRemote = { refersTo: { type: /^artifactapi_remote_/, attribute: 'name' } } as const;

/** Derives `url`. */
export const repositoryUrl =
  (kind: RepositoryKind) =>
  ({ name }: { readonly name: string }, { endpoint }: DeriveContext): string =>
    artifactapiUrl(endpoint, kind, name);

/** The attributes that every remote has; one added here is in every remote and in the data sources. */
export const remoteAttributes = {
  ...repository,
  baseUrl: attr(baseUrl, 'Base URL of the upstream, without user name or password.', {
    semanticEquals: sameUrl,
    impact: 'upstream',
  }),
  username: attr(z.string().default(''), 'User name for basic authentication at the upstream.', { impact: 'credentials' }),
  ...secret('password', 'Password for basic authentication at the upstream.', { requires: ['username'] }),
  immutableTtl: attr(seconds.default(0), 'Seconds that files that never change stay cached; 0 caches them forever.'),
  mutableTtl: attr(
    seconds.optional(),
    'Seconds that indexes and other changing files stay cached before the upstream is queried again. If omitted, the server decides.',
    {
      computed: true,
    },
  ),
  patterns: attr(patterns(), 'RE2 patterns of the paths that may be fetched; empty allows all.', { impact: 'limits' }),
  blocklist: attr(patterns(), 'RE2 patterns of the paths that are always refused; it takes precedence over `patterns`.', {
    impact: 'denies',
  }),
  mutablePatterns: attr(patterns(), 'RE2 patterns of the paths that are treated as changing, regardless of the package type.'),
  immutablePatterns: attr(patterns(), 'RE2 patterns of the paths that are treated as never changing, regardless of the package type.'),
};

/** An attribute that a package type adds. */
function attributeOf({ kind, default: unset, description, impact }: RemoteAttribute): Attribute {
  const facts: { readonly impact?: Impact } = impact === undefined ? {} : { impact };
  return attr(kind === 'boolean' ? z.boolean().default(unset) : z.array(pattern).default([...unset]), description, facts);
}

function mapValues<T, R>(record: Readonly<Record<string, T>> = {}, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** The resource `artifactapi_remote_<type>`. */
export function remoteOf(type: PackageType): ResourceDefinition {
  const minimal = { name: type.name, baseUrl: type.upstream };
  return defineResource({
    type: `artifactapi_remote_${type.name}`,
    description: `A caching proxy for an upstream ${type.title}. ${type.notes}`,
    attributes: { ...remoteAttributes, ...mapValues(type.remoteAttributes, attributeOf) },
    key: ['name'],
    derived: { url: repositoryUrl('remote') },
    checks: [({ name }) => clientNames('remote', name, type.clientNames)],
    planChecks: [passwordForUser],
    ...rest({ ...remotesPath, constants: { package_type: type.name, repo_type: 'remote' } }),
    clients: { kind: 'remote', packageType: type.name },
    sections: [using(type)],
    example: {
      minimal,
      full: {
        ...minimal,
        description: `Upstream ${type.title}`,
        immutableTtl: 0,
        mutableTtl: 300,
        patterns: ['.*'],
        blocklist: ['\\.exe$'],
        mutablePatterns: ['/latest$'],
        immutablePatterns: ['/v[0-9]+/'],
        ...mapValues(type.remoteAttributes, ({ example }) => example),
      },
    },
  });
}

/** The resource `artifactapi_local_<type>`. */
export function localOf(type: PackageType): ResourceDefinition {
  const minimal = { name: `${type.name}-internal` };
  return defineResource({
    type: `artifactapi_local_${type.name}`,
    description: `Your own ${type.title}, hosted on the server.`,
    attributes: {
      ...repository,
      uploadUrl: attr(z.string(), 'URL for uploads: send a `PUT` to this URL followed by the path of the file.'),
      forceDestroy: attr(
        z.boolean().default(false),
        'Whether a delete also removes the files in the repository. Apply it before the delete; while it is false, a repository that holds files is not deleted.',
        {
          api: false,
        },
      ),
    },
    key: ['name'],
    derived: {
      url: repositoryUrl('local'),
      uploadUrl: ({ name }, { endpoint }) => `${endpoint.replace(/\/+$/, '')}/api/v2/remotes/${encodeURIComponent(name)}/files`,
    },
    deleteGuard: {
      allow: 'forceDestroy',
      childType: 'artifactapi_local_file',
      list: async ({ client, key: { name } }) => (await filesAt(client, objectsPath('local', name), 1000)).map(({ path }) => path),
      uncopied: () => type.uncopied,
    },
    checks: [({ name }) => clientNames('local', name, type.clientNames)],
    ...rest({ ...remotesPath, constants: { package_type: type.name, repo_type: 'local' } }),
    clients: { kind: 'local', packageType: type.name, served: type.served?.includes('local') ? [type.name] : [] },
    sections: [using(type), publishing(type)],
    example: { minimal, full: { ...minimal, description: `Internal ${type.title}`, forceDestroy: true } },
  });
}

const using = ({ url }: PackageType): DocsSection => ({ title: 'Using It', text: url });

const publishing = ({ publishing: text, republishing = REPUBLISHING }: PackageType): DocsSection => ({
  title: 'Publishing',
  text: `${text}\n\n${republishing}`,
});

const REPUBLISHING =
  'A file is never overwritten: the server answers 409 if the path already exists. `artifactapi_local_file` declares a file in Terraform.';
