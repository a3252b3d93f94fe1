import { isUrl } from '../../../../common/urls';
import { type Document, type IndexRequest, type MemberDocument, type Told, type UpstreamDocument } from '../../format';
import { type Digest, digestOf } from '../../digests';
import { type Json, listOf, objectOf, readObject } from '../../json';
import { refusePage } from '../../web-page';
import { fileNameOf, throughRegistry } from '../../links';
import { readPath, type TerraformPath } from './paths';

/** The header with the location of a module. */
export const MODULE_HEADER = 'x-terraform-get';
const PROVIDER_LINKS = ['download_url', 'shasums_url', 'shasums_signature_url'] as const;

/** What a document has, one of each list at least. */
const EXPECTED: Readonly<Partial<Record<TerraformPath['kind'], readonly string[]>>> = {
  provider: ['download_url'],
  mirror: ['archives'],
  versions: ['versions', 'modules'],
};

/** Whether a path is that of checksums or of their signature. */
export function isSums(path: string): boolean {
  return /(?:_SHA256SUMS(?:\.[^/]+)?|\/sha256sums(?:\.sig)?)$/.test(path);
}

/** Throws if a document is not of the kind that its path promises. */
export function checkDocument(document: UpstreamDocument): void {
  const { kind } = readPath(document.path);
  if (isSums(document.path)) return refusePage(document, 'the checksums of a provider, or their signature');
  if (kind === 'module') {
    if (moduleAddress(document) !== undefined) return;
    throw new Error(`not a module download response: it has neither the header ${MODULE_HEADER} nor a location`);
  }
  const json = readObject(document.body, 'a document of a Terraform registry');
  const keys = EXPECTED[kind] ?? [];
  if (keys.length > 0 && !keys.some((key) => json[key] !== undefined)) {
    throw new Error(`not a document of a Terraform registry: it has no ${keys.join(' or ')}`);
  }
}

/** Leads the links of a document through the registry. */
export function rewriteLinks({ path, self }: IndexRequest, member: MemberDocument): Document {
  const through = { ...member, location: { ...member.location, url: self.url } };
  const { kind } = readPath(path);
  if (kind === 'module') return rewriteModule(through);
  const json = readObject(member.body, 'a document of a Terraform registry');
  const rewrite = { provider: rewriteProvider, mirror: rewriteMirror, discovery: rewriteDiscovery }[kind as string];
  return { contentType: member.contentType || 'application/json', body: JSON.stringify(rewrite?.(json, through) ?? json) };
}

/** Nothing is merged: a document is that of the first member that has it. Those of a local repository lead to that one. */
export function firstOf(request: IndexRequest, [first]: readonly MemberDocument[]): Document {
  const { location, contentType, status, body, header } = first as MemberDocument;
  if (location.upstream !== location.url) return rewriteLinks(request, first as MemberDocument);
  const address = header(MODULE_HEADER);
  return { contentType, status, body, ...(address !== '' && { headers: { [MODULE_HEADER]: address } }) };
}

/** The URL and the expected hash of a file outside of the upstream. */
export function toldOf(path: string, member: MemberDocument): Told | undefined {
  const asked = readPath(path);
  if (asked.kind !== 'told') return undefined;
  const named = (href: unknown): string | undefined => {
    if (typeof href !== 'string' || !isUrl(href, member.url)) return undefined;
    const target = new URL(href, member.url);
    return fileNameOf(target) === asked.file ? target.href : undefined;
  };
  if (readPath(asked.by).kind === 'module') {
    const { address, parameters } = splitAddress(moduleAddress(member) ?? '');
    const url = named(address + parameters);
    return url === undefined ? undefined : { url: withoutGetterParameters(url) };
  }
  const json = readObject(member.body, 'a document of a Terraform registry');
  const archive = Object.values(objectOf(json['archives'])).find((each) => named(objectOf(each)['url']) !== undefined);
  if (archive !== undefined) return toldAt(named(objectOf(archive)['url']) ?? '', mirrorDigest(objectOf(archive)));
  for (const key of PROVIDER_LINKS) {
    const url = named(json[key]);
    if (url !== undefined) return toldAt(url, key === 'download_url' ? digestOf('sha256', json['shasum']) : undefined);
  }
  return undefined;
}

/**
 * The digest of a package that a mirror gives among others, which are of its content. Any of several would do for clients, so that none is
 * certain.
 */
export function mirrorDigest({ hashes }: Json): Digest | undefined {
  const [zip = '', ...others] = new Set(
    listOf(hashes)
      .map(String)
      .filter((hash) => hash.startsWith('zh:')),
  );
  return others.length === 0 ? digestOf('sha256', zip.slice('zh:'.length)) : undefined;
}

function toldAt(url: string, digest: Digest | undefined): Told {
  return { url, ...(digest && { digest }) };
}

function rewriteProvider(json: Json, member: MemberDocument): Json {
  const links = PROVIDER_LINKS.flatMap((key) => {
    const href = json[key];
    return typeof href === 'string' && href !== '' ? [[key, throughRegistry(href, member, namingFor(member))] as const] : [];
  });
  return { ...json, ...Object.fromEntries(links) };
}

function rewriteMirror(json: Json, member: MemberDocument): Json {
  const archives = Object.entries(objectOf(json['archives'])).map(([platform, archive]) => {
    const { url } = objectOf(archive);
    return [platform, typeof url === 'string' ? { ...objectOf(archive), url: throughRegistry(url, member, namingFor(member)) } : archive];
  });
  return { ...json, archives: Object.fromEntries(archives) as Json };
}

/** Every service beneath the upstream is reached through the registry. */
function rewriteDiscovery(json: Json, member: MemberDocument): Json {
  const lead = (value: unknown): unknown =>
    typeof value === 'string' && /^(?:https?:|[./])/.test(value) ? throughRegistry(value, member) : value;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, lead(value)]));
}

/** Servers send the location of a module in a header, newer ones in the body. */
function rewriteModule(member: MemberDocument): Document {
  const address = moduleAddress(member) ?? '';
  const led = leadModule(address, member);
  if (member.status === 204 || member.header(MODULE_HEADER) !== '') {
    return { status: member.status, contentType: member.contentType || 'text/plain', headers: { [MODULE_HEADER]: led }, body: member.body };
  }
  const json = readObject(member.body, 'a module download response');
  return { contentType: member.contentType || 'application/json', body: JSON.stringify({ ...json, location: led }) };
}

function moduleAddress({ body, status, header }: Pick<UpstreamDocument, 'body' | 'status' | 'header'>): string | undefined {
  if (header(MODULE_HEADER) !== '' || status === 204) return header(MODULE_HEADER) || undefined;
  const { location } = readObject(body, 'a module download response');
  return typeof location === 'string' && location !== '' ? location : undefined;
}

/**
 * Leads the address of a module through the registry: an http address or a relative one, with the folder inside of the archive and the
 * parameters that the client itself reads. Others (`git::`, `s3::`, `github.com/...`) are none of ours.
 */
function leadModule(text: string, member: MemberDocument): string {
  const { address, folder, parameters } = splitAddress(text);
  if (!/^https?:\/\//i.test(address) && !/^\.{0,2}\//.test(address)) return text;
  const own = getterParameters(parameters);
  const led = throughRegistry(address + withoutOwn(parameters), member, namingFor(member));
  return led.replace(/\?.*$/, '') + folder + joined([...new URLSearchParams(led.replace(/^[^?]*/, '')), ...own]);
}

/** Splits `https://host/x.zip//folder?archive=zip` into its parts. */
function splitAddress(text: string): { address: string; folder: string; parameters: string } {
  const [, before = '', parameters = ''] = /^([^?]*)(\?.*)?$/s.exec(text) ?? [];
  const [, address = before, folder = ''] = /^((?:https?:\/\/)?.*?[^:/])(\/\/.*)$/i.exec(before) ?? [];
  return { address, folder, parameters };
}

/** What the client reads from an address and does not send. */
const GETTER = ['archive', 'checksum', 'filename', 'ref', 'depth', 'sshkey'];

function getterParameters(parameters: string): [string, string][] {
  return [...new URLSearchParams(parameters)].filter(([name]) => GETTER.includes(name));
}

function withoutOwn(parameters: string): string {
  return joined([...new URLSearchParams(parameters)].filter(([name]) => !GETTER.includes(name)));
}

function withoutGetterParameters(url: string): string {
  const target = new URL(url);
  // Only where there is one: a change writes the whole query anew, which a signature would not survive.
  for (const name of GETTER) if (target.searchParams.has(name)) target.searchParams.delete(name);
  return target.href;
}

function joined(pairs: readonly (readonly [string, string])[]): string {
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]))}`;
}

function namingFor(member: MemberDocument): (target: URL) => string {
  return (target) => `${member.path}/${fileNameOf(target)}`;
}
