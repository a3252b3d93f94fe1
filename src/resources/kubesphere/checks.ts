import {
  AttributeError,
  type Config,
  type Diagnostic,
  error,
  known,
  type PlanCheckHook,
  UNKNOWN,
  type Values,
  warning,
} from '../../schema/define';
import { repositoryNameDoubt, repositoryNameProblem } from '../../common/kubesphere/name';
import { credentialProblems, descriptionDoubt } from '../../common/kubesphere/rules';
import { periodDoubt, periodSeconds } from '../../common/kubesphere/sync-period';
import { schemeOf, schemeProblem } from '../../common/kubesphere/url';
import { hasNamedObjects, isBefore } from '../../common/kubesphere/version';
import { snakeCase } from '../../common/names';
import type { RepositoryAttributes } from './attributes';
import { systemWorkspace } from './generations/calls';
import { serverOf } from './server';

type Configured = Config<RepositoryAttributes>;

const wrong = (attribute: string, text: string): Diagnostic =>
  error('Invalid Attribute Value', `"${snakeCase(attribute)}": ${text}.`, [attribute]);
/** A warning about one attribute; none without a text. Terraform shows only the first of those with one summary. */
export const doubtful = (attribute: string, text: string | undefined): Diagnostic[] =>
  text === undefined
    ? []
    : [warning(`Possible Problem with "${snakeCase(attribute)}"`, `"${snakeCase(attribute)}": ${text}.`, [attribute])];

/** The secrets of a configuration, each in one of its two forms. */
interface Secrets {
  readonly password?: unknown;
  readonly passwordWo?: unknown;
  readonly secretAccessKey?: unknown;
  readonly secretAccessKeyWo?: unknown;
}

/** The attribute in which a secret is set. */
const formOf = (attribute: string, given: Secrets): string =>
  (given as Readonly<Record<string, unknown>>)[attribute] === undefined &&
  (given as Readonly<Record<string, unknown>>)[`${attribute}Wo`] !== undefined
    ? `${attribute}Wo`
    : attribute;

type WithCredentials = Secrets & Partial<Pick<Configured, 'url' | 'type' | 'username' | 'accessKeyId'>>;

/** What every version refuses in credentials, and a type that is not the URL's. */
export function checkCredentials(given: WithCredentials): Diagnostic[] {
  const { url, type, username, accessKeyId, password, passwordWo, secretAccessKey, secretAccessKeyWo } = given as Configured;
  const problems = credentialProblems({
    url,
    type,
    username,
    accessKeyId,
    password: password ?? passwordWo,
    secretAccessKey: secretAccessKey ?? secretAccessKeyWo,
  });
  return problems.map(({ attribute, text }) => wrong(formOf(attribute, given), text));
}

/** The same without a server: that may have the secrets already, and may not read buckets at all. */
export function checkRepository(given: WithCredentials): Diagnostic[] {
  const { type, username, accessKeyId, password, passwordWo, secretAccessKey, secretAccessKeyWo } = given;
  return checkCredentials({
    type,
    username,
    accessKeyId,
    passwordWo,
    secretAccessKeyWo,
    url: urlToCheck(given),
    password: password ?? (passwordWo === undefined && username !== undefined ? UNKNOWN : undefined),
    secretAccessKey: secretAccessKey ?? (secretAccessKeyWo === undefined && accessKeyId !== undefined ? UNKNOWN : undefined),
  });
}

/** The URL, unless it is of a bucket without keys, which is wrong for another reason on servers that read no buckets. */
export function urlToCheck({ url, accessKeyId, secretAccessKey, secretAccessKeyWo }: WithCredentials): WithCredentials['url'] {
  const hasKeys = [accessKeyId, secretAccessKey, secretAccessKeyWo].some((one) => one !== undefined);
  return typeof url === 'string' && schemeOf(url) === 's3' && !hasKeys ? UNKNOWN : url;
}

/** What a repository lacks that the server does not have either: the secret of a user or a key. Of secrets, a plan has only the counters. */
function lackedCredentials(given: Versioned, prior: Values<RepositoryAttributes> | undefined): Diagnostic[] {
  const { url, type, username, accessKeyId } = given as Configured;
  const held = (of: 'username' | 'accessKeyId', secret: 'password' | 'secretAccessKey'): WithCredentials[typeof secret] => {
    const set = [given[secret], given[`${secret}Wo`], given[`${secret}WoRevision`], prior?.[of]];
    return given[of] !== undefined && set.some((one) => one !== undefined) ? UNKNOWN : undefined;
  };
  const secrets = { password: held('username', 'password'), secretAccessKey: held('accessKeyId', 'secretAccessKey') };
  return checkCredentials({ url, type, username, accessKeyId, ...secrets });
}

/** What KubeSphere's own form would not accept. */
export const checkDoubts = ({ description, syncPeriod }: Configured): Diagnostic[] => [
  ...doubtful('description', descriptionDoubt(known(description) ?? '')),
  ...doubtful('syncPeriod', periodDoubt(known(syncPeriod) ?? '0')),
];

/** The values that a version may refuse. */
type Versioned = Secrets & { readonly [K in keyof RepositoryAttributes]?: unknown };

/** What is wrong with a repository on a version of KubeSphere. Values that are not known yet pass. */
export function versionProblems(version: string, given: Versioned, prior?: Values<RepositoryAttributes>): Diagnostic[] {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const [name, workspace, url] = [text(given.name), text(given.workspace), text(given.url)];
  const found: Diagnostic[] = [];
  const add = (attribute: string, problem: string | undefined): void =>
    void (problem !== undefined && found.push(wrong(attribute, problem)));
  const unread = url && schemeProblem(url, version);
  add('url', unread);
  if (!unread) found.push(...lackedCredentials(given, prior));
  if (!url && given.accessKeyId !== undefined && hasNamedObjects(version))
    add('accessKeyId', `it is for buckets, which only KubeSphere 3 reads; this is version ${version}. Leave it out`);
  // The server's own interfaces allow names that are refused here; what has one already keeps it.
  const misnamed = name && name !== prior?.name ? repositoryNameProblem(name, version) : undefined;
  add('name', misnamed);
  if (name && misnamed === undefined) found.push(...doubtful('name', repositoryNameDoubt(name, version)));
  if (hasNamedObjects(version)) {
    if (workspace === '')
      add(
        'workspace',
        `it is empty, which only KubeSphere 3 can do; this is version ${version}. Use "${systemWorkspace}", which everybody sees`,
      );
    found.push(...periodProblems(version, given));
  } else {
    if (workspace === '')
      found.push(
        ...doubtful(
          'workspace',
          `it is empty: the repository belongs to no workspace, and none shows it. Use "${systemWorkspace}", or the name of a workspace`,
        ),
      );
    if (workspace === systemWorkspace && name?.startsWith('builtin-'))
      add(
        'name',
        `"${name}" is a name of the installer of KubeSphere, which restores its repositories in "${systemWorkspace}"; choose another name`,
      );
  }
  return found;
}

const firstWithAction = '4.1.3';

/** On version 4, what is never synced by itself has to be told to, which the first of its versions cannot do. */
function periodProblems(version: string, { syncPeriod, syncTrigger, syncOnChange, waitForSync }: Versioned): Diagnostic[] {
  const never = typeof syncPeriod === 'string' && periodSeconds(syncPeriod) === 0;
  const waits = waitForSync === true;
  if (!isBefore(version, firstWithAction))
    return never && waits && syncOnChange === false && syncTrigger === undefined
      ? doubtful(
          'waitForSync',
          'nothing syncs the repository, with sync_period = 0 and sync_on_change = false, so there is nothing to wait for',
        )
      : [];
  // A trigger is a wish, like sync_on_change: one configuration serves all versions, and a change of it gets its warning when it is applied.
  if (!never) return [];
  const able = `which requires KubeSphere ${firstWithAction} or later; this is version ${version}`;
  return waits
    ? [wrong('waitForSync', `with sync_period = 0 the server has to be told to sync, ${able}. Set sync_period to at least 180`)]
    : doubtful('syncPeriod', `with 0 this version never syncs the repository: it has to be told to, ${able}. Set at least 180`);
}

/** The same at plan. */
export const planVersion: PlanCheckHook<RepositoryAttributes> = async ({ planned, prior, client }) => {
  const { version } = await serverOf(client);
  const alone =
    !prior && planned.workspace === systemWorkspace && !hasNamedObjects(version)
      ? `on KubeSphere 3 only members of "${systemWorkspace}" see the repository; set the workspace that it is for`
      : undefined;
  return [...versionProblems(version, planned, prior), ...doubtful('workspace', alone)];
};

/** Throws for what is wrong on a version, where the plan could not tell because the server was not known. */
export function refuse(version: string, values: Values<RepositoryAttributes>, prior?: Values<RepositoryAttributes>): void {
  const problem = versionProblems(version, values, prior).find(({ severity }) => severity === 'error');
  const attribute = problem?.path?.[0];
  if (problem && typeof attribute === 'string') throw new AttributeError(problem.detail.replace(/^"\w+": /, ''), attribute);
}

/** On version 4 the applications of a repository, which catalogues refer to, are deleted with it. */
export const planReplacement: PlanCheckHook<RepositoryAttributes> = async ({ planned, prior, client }) => {
  if (!prior || (planned.name === prior.name && planned.workspace === prior.workspace)) return [];
  const { version } = await serverOf(client);
  const detail = `"name": the repository "${prior.name}" is replaced. KubeSphere deletes its applications and their versions with it, and installed releases lose their chart. To prevent that, set lifecycle { prevent_destroy = true }.`;
  return hasNamedObjects(version) ? [warning('Applications Are Deleted', detail, ['name'])] : [];
};
