import {
  ApiError,
  attr,
  AttributeError,
  type DataSourceDefinition,
  dataSourceOf,
  defineDataSource,
  listDataSourceOf,
  nested,
  z,
} from '../../schema/define';
import { completeUrl, schemeProblem, schemeOf } from '../../common/kubesphere/url';
import { appRepository, credentialsIn } from './app-repository';
import { source, workspace } from './attributes';
import { checkCredentials, urlToCheck } from './checks';
import { systemWorkspace } from './generations/calls';
import { createRepositories, getRepositories, listApplications, listRepositories } from './rights';
import { serverOf } from './server';
import { doubtWorkspace, requireWorkspace } from './workspaces';
import { unexpectedCode, vocabulary } from './vocabulary';

const { url, username, accessKeyId } = source;

const inWorkspace = attr(workspace.default(systemWorkspace), 'Workspace.', { api: false });

/** The code for a URL that has not the scheme of its type. */
const schemeCodes = { http: 108, https: 110, s3: 114, oci: 111 } as const;

const outcome = (code: number | undefined, message: string) => ({
  ok: code === undefined,
  code: code ?? 0,
  meaning: code === undefined ? '' : (vocabulary[code] ?? vocabulary[unexpectedCode] ?? ''),
  message,
});

const validation = defineDataSource({
  type: 'kubesphere_app_repository_validation',
  description:
    'Whether the server can read a repository, as the button "Validate" of its form tells: what is wrong is an answer, not an error. Reading a large or slow index may take minutes. Credentials given here are stored in the state; prefer those of the resource, which validates too.',
  attributes: {
    workspace: attr(workspace.default(systemWorkspace), 'Workspace in which the user of the provider may create repositories.', {
      api: false,
    }),
    url: attr(url.type, url.description, { api: false }),
    type: attr(z.enum(['http', 'https', 's3', 'oci']).optional(), 'Type that the URL should have.', { api: false }),
    username: attr(username.type, username.description, { api: false }),
    password: attr(z.string().min(1).optional(), 'Password for basic authentication at the repository.', { api: false, sensitive: true }),
    accessKeyId: attr(accessKeyId.type, accessKeyId.description, { api: false }),
    secretAccessKey: attr(z.string().min(1).optional(), 'Secret access key of the bucket, for the type s3.', {
      api: false,
      sensitive: true,
    }),
    ok: attr(z.boolean(), 'Whether the server can read it.', { computed: true }),
    code: attr(z.int(), `What is wrong, as a code; 0 if nothing is. ${codesText()}`, { computed: true }),
    meaning: attr(z.string(), 'What the code means; empty if nothing is wrong.', { computed: true }),
    message: attr(z.string(), "The server's own words; empty if nothing is wrong.", { computed: true }),
  },
  checks: [({ type: _type, ...config }) => checkCredentials({ ...config, url: urlToCheck(config) })],
  needs: { read: [createRepositories] },
  async read({ client, config }) {
    const address = completeUrl(config.url);
    const { version, generation } = await serverOf(client);
    if (config.type !== undefined && schemeOf(address) !== config.type)
      return outcome(schemeCodes[config.type], `"${address}" is not of type ${config.type}`);
    const unread = schemeProblem(address, version);
    if (unread !== undefined) return outcome(111, unread);
    await requireWorkspace(client, config.workspace || undefined);
    const wanted = { name: 'validation', displayName: '', description: '', syncSeconds: 0, url: address };
    try {
      await generation.validate(client, { ...wanted, workspace: config.workspace || undefined, credentials: credentialsIn(config) });
      return outcome(undefined, '');
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || !isOutcome(thrown)) throw thrown;
      const { apiCode } = thrown;
      return outcome(apiCode !== undefined && apiCode in vocabulary ? apiCode : unexpectedCode, thrown.words ?? '');
    }
  },
  example: { workspace: 'demo', url: 'https://charts.example.com/stable' },
});

/** Whether a failure is about the repository, and not about the caller, the way to the server, or the server itself. */
const isOutcome = ({ code }: ApiError): boolean => code === 'invalid';

function codesText(): string {
  const told = [102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 113, 114, 115, 901];
  return `${told.map((code) => `${code}: ${vocabulary[code]}`).join('; ')}.`;
}

const application = {
  id: attr(z.string(), 'Id of the application.', { computed: true }),
  name: attr(z.string(), 'Name of the chart.', { computed: true }),
  description: attr(z.string(), 'Description of its latest chart.', { computed: true }),
  home: attr(z.string(), 'Home page.', { computed: true }),
  icon: attr(z.string(), 'URL of its icon.', { computed: true }),
  status: attr(z.string(), 'Status, e.g. `active`.', { computed: true }),
  createTime: attr(z.string(), 'When the index brought it.', { computed: true }),
};

const applications = defineDataSource({
  type: 'kubesphere_applications',
  description: 'The applications that the index of a repository brought. A repository that has not been synced has none.',
  attributes: {
    workspace: inWorkspace,
    repository: attr(z.string().min(1), 'Name of the repository.', { api: false }),
    applications: attr(z.array(nested(application)), 'The applications, sorted by name.', { computed: true }),
  },
  needs: {
    read: [
      { permission: getRepositories, when: 'on KubeSphere 4' },
      { permission: listRepositories, when: 'on KubeSphere 3' },
      { permission: listApplications, when: 'on KubeSphere 3' },
    ],
  },
  async read({ client, find, config }) {
    const { generation } = await serverOf(client);
    const key = { workspace: config.workspace, name: config.repository };
    const repository =
      (await find(appRepository, key)) && (await generation.find(client, { ...key, workspace: config.workspace || undefined }));
    if (!repository)
      throw new AttributeError(
        `the workspace "${config.workspace}" has no repository "${config.repository}"; correct the name, or the workspace`,
        'repository',
      );
    const found = await generation.applications(client, repository);
    return { applications: [...found].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)) };
  },
  example: { workspace: 'demo', repository: 'stable' },
});

/** The data sources of the provider. */
export const dataSources: readonly DataSourceDefinition[] = [
  dataSourceOf(appRepository, { workspace: 'demo', name: 'stable' }),
  listDataSourceOf(appRepository, {
    type: 'kubesphere_app_repositories',
    description: 'The repositories of a workspace.',
    name: 'repositories',
    whenEmpty: async ({ client, key: { workspace: name } }) => (name ? doubtWorkspace(client, name) : []),
    example: { workspace: 'demo', namePattern: '^stable' },
  }),
  validation,
  applications,
];
