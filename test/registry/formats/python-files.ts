import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { tarball } from '../helpers';

/** What a distribution is made of. */
export interface Distribution {
  readonly name: string;
  readonly version: string;
  /** What its metadata says instead. */
  readonly inside?: { readonly name?: string; readonly version?: string };
  /** Further headers of its metadata. */
  readonly headers?: readonly string[];
  /** Further files, or others in place of its own. */
  readonly files?: Readonly<Record<string, string>>;
}

const escaped = (name: string) => name.replace(/[-_.]+/g, '_').toLowerCase();

/** The text of a distribution's metadata. */
export function metadataOf({ name, version, inside, headers = [] }: Distribution): string {
  const facts = { name, version, ...inside };
  return ['Metadata-Version: 2.1', `Name: ${facts.name}`, `Version: ${facts.version}`, ...headers, '', 'Name: not a header', ''].join('\n');
}

/** A zip archive of files, in order; a name may occur more than once. */
export function zip(files: readonly (readonly [path: string, text: string])[]): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [path, text] of files) archive.addBuffer(Buffer.from(text), path);
  archive.end();
  return buffer(archive.outputStream);
}

/** A wheel and its name. */
export async function wheel(given: Distribution): Promise<{ file: string; content: Buffer }> {
  const base = `${escaped(given.name)}-${given.version}`;
  const module = escaped(given.name);
  const files = {
    [`${module}.py`]: `VERSION = ${JSON.stringify(given.version)}\n`,
    [`${base}.dist-info/METADATA`]: metadataOf(given),
    [`${base}.dist-info/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${base}.dist-info/RECORD`]: '',
    ...given.files,
  };
  return { file: `${base}-py3-none-any.whl`, content: await zip(Object.entries(files)) };
}

/** A source archive and its name. */
export function sdist(given: Distribution): { file: string; content: Buffer } {
  const base = `${escaped(given.name)}-${given.version}`;
  const project = `[project]\nname = ${JSON.stringify(given.name)}\nversion = ${JSON.stringify(given.version)}\n`;
  const files = { [`${base}/pyproject.toml`]: project, [`${base}/PKG-INFO`]: metadataOf(given), ...given.files };
  return { file: `${base}.tar.gz`, content: tarball(files) };
}

/** Sends the form that twine and uv upload with. */
export function upload(
  url: string,
  { file, content }: { file: string; content: Buffer },
  { fields = {}, headers = {} }: { fields?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ':action': 'file_upload', protocol_version: '1', ...fields })) form.append(name, value);
  form.append('content', new Blob([new Uint8Array(content)]), file);
  return fetch(url, { method: 'POST', body: form, headers });
}
