import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { parseAddress } from '../../../constructs/provider/address';
import { type Bundle, bundleOf } from '../../../constructs/provider/bundle';
import { hostPlatform, isWindows } from '../../../constructs/provider/platforms';
import { terraformNameProblem } from '../../common/repository-name';
import { isUrl } from '../../common/urls';
import { connect, type Environment, resolveConfiguration } from '../../handler/configuration';
import { artifactapi as provider } from '../../resources/artifactapi';
import type { ApiClient } from '../../schema/define/client';
import { ApiError } from '../../schema/define/errors';
import { Failure } from '../failure';
import { checkPlatforms, packagesFrom, type Requirement, requirements } from './packages';
import type { PublishOptions } from './publish';

/** A local repository of a server. */
interface Repository {
  readonly endpoint: string;
  readonly name: string;
}

/** Uploads providers to a local terraform repository and tells of each file; ends with what uses them. */
export async function publishProviders(
  options: PublishOptions,
  tell: (line: string) => void,
  env: Environment = process.env,
): Promise<void> {
  const repository = repositoryAt(options.to);
  const platforms = options.platform ?? commonPlatforms();
  checkPlatforms(platforms);
  const packages = packagesFrom(options.package).map((provider) => ({ ...parseAddress(provider.source), bundle: bundleOf(provider) }));
  const { client, close } = await clientFor(repository, options.token, env);
  try {
    await checkRepository(client, repository);
    tell(`Publishing to ${repository.name} at ${repository.endpoint}:`);
    for (const { namespace, type, bundle } of packages) {
      const archive = await packed(bundle);
      for (const platform of platforms) {
        const path = `${options.namespace ?? namespace}/${type}/terraform-provider-${type}_${bundle.version}_${platform}.zip`;
        const isNew = await upload(client, { repository, path, archive });
        tell(`  ${path}  ${isNew ? 'uploaded' : 'already published, with the same content'}`);
      }
    }
  } finally {
    await close();
  }
  tell(usage(repository, packages));
}

/** Reads the address of a repository: what Terraform calls it, or one of the URLs that its resource exports. */
function repositoryAt(text: string): Repository {
  const url = /^https?:\/\//i.test(text) && isUrl(text) ? new URL(text) : undefined;
  const path = url && !url.search && !url.hash && !url.username && !url.password ? url.pathname : '';
  const [, prefix = '', uploads, reads] = /^(.*?)\/(?:api\/v2\/remotes\/([^/]+)\/files|api\/v1\/local\/([^/]+))\/?$/.exec(path) ?? [];
  const [, bare] = /^\/([^/]+)\/?$/.exec(path) ?? [];
  const name = uploads ?? reads ?? bare;
  if (url && name !== undefined) return { endpoint: url.origin + prefix, name: decodeURIComponent(name) };
  throw new Failure(
    `${JSON.stringify(text)} is not the URL of a repository; expected https://HOST/NAME, or the url or upload_url of an artifactapi_local_terraform, without credentials`,
  );
}

/** This machine, and Linux and macOS as most machines are. */
function commonPlatforms(): readonly string[] {
  const all = [hostPlatform(), 'linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];
  return [...new Set(all)].filter((platform) => !isWindows(platform));
}

/** The client that the provider itself would use, with the settings of the environment. */
async function clientFor(
  { endpoint }: Repository,
  token: string | undefined,
  env: Environment,
): Promise<{ client: ApiClient; close: () => Promise<void> }> {
  const { values, diagnostics, variables } = resolveConfiguration(provider, { endpoint, ...(token !== undefined && { token }) }, { env });
  const found = diagnostics.length > 0 ? { diagnostics } : await connect(values, { provider, terraformVersion: 'none', env, variables });
  const problem = found.diagnostics.find(({ severity }) => severity === 'error');
  if (problem || !('connected' in found) || !found.connected) throw new Failure(problem?.detail ?? `cannot connect to ${endpoint}`);
  const { client, root } = found.connected;
  return { client, close: () => root.close() };
}

/** Throws unless the repository is there and takes providers. */
async function checkRepository(client: ApiClient, { endpoint, name }: Repository): Promise<void> {
  const found = await client.find(`/api/v2/remotes/${encodeURIComponent(name)}`).catch((thrown: unknown) => {
    throw thrown instanceof ApiError ? refused(thrown) : thrown;
  });
  const remedy = 'create a local one of type terraform, e.g. with artifactapi_local_terraform';
  if (!found) throw new Failure(`there is no repository ${JSON.stringify(name)} at ${endpoint}; ${remedy}`);
  const { repo_type: kind, package_type: type } = found;
  if (kind !== 'local' || type !== 'terraform')
    throw new Failure(
      `repository ${JSON.stringify(name)} is a ${String(kind)} repository of type ${String(type)}; ${remedy}, and publish to that`,
    );
}

/** An archive with the executable; not compressed and without times, so that it is the same wherever and whenever it is made. */
async function packed({ fileName, content }: Bundle): Promise<Buffer> {
  const archive = new ZipFile();
  const epoch = new Date(1980, 0, 1);
  archive.addBuffer(content, fileName, { mode: 0o100755, mtime: epoch, forceDosTimestamp: true, compress: false });
  archive.end();
  return buffer(archive.outputStream);
}

interface Upload {
  readonly repository: Repository;
  readonly path: string;
  readonly archive: Buffer;
}

/** Uploads an archive; returns whether it was not there yet. */
async function upload(client: ApiClient, { repository, path, archive }: Upload): Promise<boolean> {
  const body = { size: archive.length, open: () => once(archive) };
  const name = encodeURIComponent(repository.name);
  try {
    await client.send({ method: 'PUT', path: `/api/v2/remotes/${name}/files/${path}`, upload: body, contentType: 'application/zip' });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (thrown.code !== 'conflict') throw refused(thrown);
    await compare(client, { path, at: `/api/v1/local/${name}/${path}` }, archive);
    return false;
  }
}

/** A failure in words of the command: what the message calls a setting of the provider block is a variable here. */
function refused({ message }: ApiError): Failure {
  return new Failure(`cannot publish: ${message.replace('set ca_cert', 'set ARTIFACTAPI_CA_CERT')}`);
}

/** Throws unless the content that is there is the same. */
async function compare(client: ApiClient, { path, at }: { path: string; at: string }, archive: Buffer): Promise<void> {
  const { digest } = await client.send({ method: 'GET', path: at, digest: true });
  const here = createHash('sha256').update(archive).digest('hex');
  if (digest?.sha256 === here) return;
  throw new Failure(
    `${path} is already published with different content (SHA-256 ${digest?.sha256}, here ${here}); a published file cannot be replaced, because lock files contain its hash: publish a new version`,
  );
}

async function* once(content: Buffer): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(content);
}

function usage({ endpoint, name }: Repository, packages: readonly { type: string; bundle: Bundle }[]): string {
  const { host, protocol } = new URL(endpoint);
  const needed = packages.map(({ type, bundle: { version } }): Requirement => ({ name: type, source: `${host}/${name}/${type}`, version }));
  const problem = terraformNameProblem(name);
  const notes = [
    ...(protocol === 'http:'
      ? [`Terraform uses registries over https only: put a reverse proxy that terminates TLS in front of ${host}.`]
      : []),
    ...(problem === undefined ? [] : [`Terraform cannot use the name of the repository: ${problem}.`]),
  ];
  return `\nTo use it, add this block and run "terraform init":\n\n${requirements(needed)}${notes.map((note) => `\nNote: ${note}`).join('')}`;
}
