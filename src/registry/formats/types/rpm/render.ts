import { type InstalledFile, type Relation, type RelationKind, type RpmPackage, type Version } from './package';

/** The documents of a repository that describe its packages, in the order in which `repomd.xml` has them. */
export const DOCUMENTS = ['primary', 'filelists', 'other'] as const;
/** One of these documents. */
export type DocumentName = (typeof DOCUMENTS)[number];

/** The file of a package in its repository. */
export interface PackageFile {
  /** The path from the root of the repository. */
  readonly path: string;
  /** The SHA-256 of its content. */
  readonly hash: string;
  readonly size: number;
  /** When it was stored, in seconds since 1970. */
  readonly time: number;
}

const COMMON = 'http://linux.duke.edu/metadata';
/** The outermost elements. */
const ROOTS: Readonly<Record<DocumentName, readonly [name: string, namespaces: string]>> = {
  primary: ['metadata', `xmlns="${COMMON}/common" xmlns:rpm="${COMMON}/rpm"`],
  filelists: ['filelists', `xmlns="${COMMON}/filelists"`],
  other: ['otherdata', `xmlns="${COMMON}/other"`],
};

/** The name of a document's outermost element. */
export function rootOf(document: DocumentName): string {
  return ROOTS[document][0];
}

/** What a document begins with that describes so many packages. */
export function headOf(document: DocumentName, packages: number): string {
  const [name, namespaces] = ROOTS[document];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${namespaces} packages="${packages}">\n`;
}

/** What a document ends with. */
export function tailOf(document: DocumentName): string {
  return `</${ROOTS[document][0]}>\n`;
}

/** What a document says of a package, in parts. */
export const RENDER: Readonly<Record<DocumentName, (described: RpmPackage, file: PackageFile) => Iterable<string>>> = {
  primary,
  filelists,
  other,
};

function* primary(described: RpmPackage, file: PackageFile): Iterable<string> {
  const { name, arch, texts, relations } = described;
  yield `<package type="rpm">\n  <name>${text(name)}</name>\n  <arch>${text(arch)}</arch>\n  ${version(described)}`;
  yield `  <checksum type="sha256" pkgid="YES">${file.hash}</checksum>\n`;
  for (const key of ['summary', 'description', 'packager', 'url'] as const) yield `  <${key}>${text(texts[key])}</${key}>\n`;
  yield `  <time file="${file.time}" build="${described.built}"/>\n`;
  yield `  <size package="${file.size}" installed="${described.installedSize}" archive="${described.archiveSize}"/>\n`;
  yield `  ${locationOf(file.path)}\n  <format>\n`;
  for (const key of ['license', 'vendor', 'group', 'buildhost', 'sourcerpm'] as const)
    yield `    <rpm:${key}>${text(texts[key])}</rpm:${key}>\n`;
  yield `    <rpm:header-range start="${described.headerStart}" end="${described.headerEnd}"/>\n`;
  for (const [kind, each] of Object.entries(relations) as [RelationKind, readonly Relation[]][]) {
    if (each.length === 0) continue;
    yield `    <rpm:${kind}>\n`;
    for (const relation of each) yield entry(relation);
    yield `    </rpm:${kind}>\n`;
  }
  for (const each of described.files) if (isPrimary(each)) yield `    ${installed(each)}`;
  yield '  </format>\n</package>\n';
}

function* filelists(described: RpmPackage, file: PackageFile): Iterable<string> {
  yield opening(described, file);
  for (const each of described.files) yield `  ${installed(each)}`;
  yield '</package>\n';
}

function* other(described: RpmPackage, file: PackageFile): Iterable<string> {
  yield opening(described, file);
  for (const { author, time, text: change } of described.changelog)
    yield `  <changelog author="${attribute(author)}" date="${time}">${text(change)}</changelog>\n`;
  yield '</package>\n';
}

/** Where a package is. */
export function locationOf(path: string): string {
  return `<location href="${attribute(encoded(path))}"/>`;
}

function opening(described: RpmPackage, { hash }: PackageFile): string {
  return `<package pkgid="${hash}" name="${attribute(described.name)}" arch="${attribute(described.arch)}">\n  ${version(described)}`;
}

function version(of: Version): string {
  return `<version epoch="${of.epoch}" ver="${attribute(of.version)}" rel="${attribute(of.release)}"/>\n`;
}

function entry({ name, flags, version: of, isPre }: Relation): string {
  const release = of?.release ? ` rel="${attribute(of.release)}"` : '';
  const compared = of ? ` flags="${flags}" epoch="${of.epoch}" ver="${attribute(of.version)}"${release}` : '';
  return `      <rpm:entry name="${attribute(name)}"${compared}${isPre ? ' pre="1"' : ''}/>\n`;
}

function installed({ path, type }: InstalledFile): string {
  return `<file${type === 'file' ? '' : ` type="${type}"`}>${text(path)}</file>\n`;
}

/** Files that other packages require often enough by their paths to be in the document that every client reads. */
function isPrimary({ path }: InstalledFile): boolean {
  return path.startsWith('/etc/') || path === '/usr/lib/sendmail' || path.includes('bin/');
}

/** Clients put the path into a URL as it is; only what could not stand in one is encoded. */
function encoded(path: string): string {
  return path.replace(/[%?#\s"<>\\]|[^\x20-\x7e]+/g, encodeURIComponent);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
/** What XML has no way to write. */
const UNWRITABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function text(content: string): string {
  return content.replace(UNWRITABLE, '').replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? '');
}

/** A text as the value of an attribute. */
export function attribute(content: string): string {
  return content.replace(UNWRITABLE, '').replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? '');
}
