import { type KsContext } from '../context';
import { GoError } from '../go/json-parse';
import { shorten, workspaceOf } from '../objects';
import { type HelmRepo } from './model';
import { credentialOf, periodOf, type RepoRequest, splitUrl } from './request';
import { PERIOD_ANNOTATION } from './shown';

/** A panic of the server: the connection ends without an answer. */
export class Panic extends Error {}

const MAX_DESCRIPTION = 512;

/** A repository with the changes of a request; what the request leaves out stays as it is. */
export async function modified(context: KsContext, repo: HelmRepo, request: RepoRequest): Promise<HelmRepo> {
  const described = request.description === undefined ? repo : withDescription(repo, request.description);
  const timed = request.sync_period === undefined ? described : withPeriod(described, request.sync_period);
  const named = request.name ? withName(context, timed, request.name) : timed;
  return request.url ? withUrl(context, named, { ...request, url: request.url }) : named;
}

function withDescription(repo: HelmRepo, text: string): HelmRepo {
  const { description: _before, ...spec } = repo.spec;
  return { ...repo, spec: { ...spec, ...(text !== '' && { description: shorten(text, MAX_DESCRIPTION) }) } };
}

/** Unlike a new repository's, the period may be as short as it likes; the controller sees to the least. */
function withPeriod(repo: HelmRepo, text: string): HelmRepo {
  const seconds = Math.trunc(periodOf(text));
  const { syncPeriod: _period, ...spec } = repo.spec;
  const { [PERIOD_ANNOTATION]: _text, ...annotations } = repo.metadata.annotations ?? {};
  if (seconds === 0) return { ...repo, metadata: { ...repo.metadata, annotations }, spec };
  const metadata = { ...repo.metadata, annotations: { ...annotations, [PERIOD_ANNOTATION]: text } };
  return { ...repo, metadata, spec: { ...spec, syncPeriod: seconds } };
}

function withName({ cluster }: KsContext, repo: HelmRepo, name: string): HelmRepo {
  if (name === repo.spec.name) return repo;
  const isTaken = cluster.helmRepos.cachedList().some((other) => workspaceOf(other) === workspaceOf(repo) && other.spec.name === name);
  if (isTaken) throw new GoError('repo exists');
  return { ...repo, spec: { ...repo.spec, name } };
}

/** The new URL is tried with the credential of old; the one that comes with it is stored untried. */
async function withUrl({ loader }: KsContext, repo: HelmRepo, { url, credential: keys }: RepoRequest & { url: string }): Promise<HelmRepo> {
  const { plainUrl, user } = splitUrl(url);
  if (url.startsWith('s3://') && keys === undefined) throw new Panic('a credential that is not there was read');
  const credential = credentialOf(url, user, keys ?? '');
  await loader.load(plainUrl, repo.spec.credential);
  return { ...repo, spec: { ...repo.spec, url: plainUrl, credential, version: (repo.spec.version ?? 0) + 1 } };
}
