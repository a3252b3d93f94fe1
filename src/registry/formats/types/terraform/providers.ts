import { HttpError } from '../../../errors';
import { type Document, type RouteRequest } from '../../format';
import { encodePath } from '../../links';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { byVersion, type ProviderPackage, readProvider, type Stored } from './names';

/** The plugin protocols that are advertised where the operator says nothing: those that Terraform speaks. */
const PROTOCOLS = '5.0,6.0';

/** The setting of the plugin protocols. */
export const protocolSetting = {
  TF_PROVIDER_PROTOCOLS: (value: string) =>
    protocolsOf(value).every((protocol) => /^\d+\.\d+$/.test(protocol))
      ? undefined
      : `expected versions of the plugin protocol with commas between them, such as ${JSON.stringify(PROTOCOLS)}, got ${JSON.stringify(value)}`,
};

/** The parts of a path that its route names; one that is left out is undefined. */
export type Parts = readonly (string | undefined)[];

/** One version of a provider: its packages, from one namespace. */
interface Version {
  readonly version: string;
  readonly packages: readonly Stored<ProviderPackage>[];
}

/** The versions of a provider, the newest first: of a namespace, or of whatever namespace has its type. */
export async function versionsOf(repository: LocalRepository, type: string, namespace?: string): Promise<Version[]> {
  const any = namespace === undefined || namespace === repository.location.name;
  const files = await repository.list(any ? '' : `${namespace}/${type}/`);
  const versions = new Map<string, Stored<ProviderPackage>[]>();
  for (const file of files) {
    const found = readProvider(file.path);
    if (found?.type !== type || !(any || found.namespace === namespace)) continue;
    const known = versions.get(found.version) ?? [];
    // A version is of one namespace, the first: its checksums have each file name once.
    if (known.length === 0 || known[0]?.namespace === found.namespace) versions.set(found.version, [...known, { ...found, file }]);
  }
  return [...versions].map(([version, packages]) => ({ version, packages })).sort(byVersion);
}

/** `v1/providers/{provider}/versions`: what there is. */
export async function showVersions({ given }: RouteRequest, repository: LocalRepository, [namespace, type = '']: Parts): Promise<Document> {
  const versions = await versionsOf(repository, type, namespace);
  if (versions.length === 0) throw unknown(repository, type);
  const protocols = protocolsOf(given['TF_PROVIDER_PROTOCOLS']);
  return json({
    versions: versions.map(({ version, packages }) => ({ version, protocols, platforms: packages.map(({ os, arch }) => ({ os, arch })) })),
  });
}

/** `v1/providers/{provider}/{version}/download/{os}/{arch}`: where a package is, its hash, and whose signature tells that it is the right one. */
export async function showPackage(request: RouteRequest, repository: LocalRepository, parts: Parts): Promise<Document> {
  const [namespace, type = '', version = '', os = '', arch = ''] = parts;
  const found = (await versionOf(repository, parts)).packages.find((each) => each.os === os && each.arch === arch);
  if (!found) throw new HttpError(404, `provider ${JSON.stringify(type)} ${version} has no package for ${os}_${arch}`);
  const { keyId: key_id, publicKey: ascii_armor } = await request.signer();
  const provider = [repository.location.name, ...(namespace === undefined ? [] : [namespace]), type, version].join('/');
  const sums = `${pathOf(request.root)}/terraform/v1/providers/${encodePath(provider)}/sha256sums`;
  return json({
    protocols: protocolsOf(request.given['TF_PROVIDER_PROTOCOLS']),
    os,
    arch,
    filename: found.fileName,
    download_url: linkTo(repository, found.file),
    shasum: found.file.hash,
    shasums_url: sums,
    shasums_signature_url: `${sums}.sig`,
    signing_keys: { gpg_public_keys: [{ key_id, ascii_armor }] },
  });
}

/** `v1/providers/{provider}/{version}/sha256sums`: the hashes of all packages of a version. */
export async function showSums(_request: RouteRequest, repository: LocalRepository, parts: Parts): Promise<Document> {
  return { contentType: 'text/plain; charset=utf-8', body: sumsOf(await versionOf(repository, parts)) };
}

/** `v1/providers/{provider}/{version}/sha256sums.sig`: their detached signature. */
export async function showSignature({ signer }: RouteRequest, repository: LocalRepository, parts: Parts): Promise<Document> {
  const found = await versionOf(repository, parts);
  // Of the time of the newest package: every process gives the same signature, and a new package another one.
  const at = found.packages.map(({ file }) => file.created_at).reduce((one, other) => (one > other ? one : other));
  const body = (await signer()).sign(Buffer.from(sumsOf(found)), new Date(at));
  return { contentType: 'application/octet-stream', body };
}

/** `{hostname}/{namespace}/{type}/index.json`: the versions, as network mirrors tell. */
export async function showMirror(
  _request: RouteRequest,
  repository: LocalRepository,
  [namespace = '', type = '']: Parts,
): Promise<Document | undefined> {
  const versions = await versionsOf(repository, type, namespace);
  return versions.length === 0 ? undefined : json({ versions: Object.fromEntries(versions.map(({ version }) => [version, {}])) });
}

/** `{hostname}/{namespace}/{type}/{version}.json`: the packages of a version, as network mirrors tell. */
export async function showArchives(_request: RouteRequest, repository: LocalRepository, parts: Parts): Promise<Document | undefined> {
  const [namespace = '', type = '', version = ''] = parts;
  const found = (await versionsOf(repository, type, namespace)).find((each) => each.version === version);
  const archives = found?.packages.map(({ os, arch, file }) => [
    `${os}_${arch}`,
    { url: linkTo(repository, file), hashes: [`zh:${file.hash}`] },
  ]);
  return archives && json({ archives: Object.fromEntries(archives) as unknown });
}

function sumsOf({ packages }: Version): string {
  return packages.map(({ file, fileName }) => `${file.hash}  ${fileName}\n`).join('');
}

async function versionOf(repository: LocalRepository, [namespace, type = '', version = '']: Parts): Promise<Version> {
  const versions = await versionsOf(repository, type, namespace);
  const found = versions.find((each) => each.version === version);
  if (found) return found;
  if (versions.length === 0) throw unknown(repository, type);
  throw new HttpError(404, `provider ${JSON.stringify(type)} has no version ${version} in ${JSON.stringify(repository.location.name)}`);
}

function unknown({ location: { name } }: LocalRepository, type: string): HttpError {
  return new HttpError(404, `there is no provider ${JSON.stringify(type)} in ${JSON.stringify(name)}`);
}

function protocolsOf(value: string | undefined): string[] {
  return (value ?? PROTOCOLS).split(',').map((protocol) => protocol.trim());
}

/** The link to a file, without scheme and host: clients read it with those that they asked by, whatever stands before the registry. */
export function linkTo({ location }: LocalRepository, file: RepositoryFile): string {
  return pathOf(location.url) + encodePath(file.path);
}

/** The path of a URL, without a slash alone. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/^\/$/, '');
}

/** A document of a Terraform registry. */
export function json(value: unknown): Document {
  return { contentType: 'application/json', body: JSON.stringify(value) };
}
