import { type LocalFile } from '../../store/files';
import { type Document, type Format, type IndexRequest, type MemberDocument, type UploadCheck } from '../format';
import { encodePath } from '../links';
import { mergePages, mergeProjects, normalizeName, writePage } from './page';

const WHEEL = /^([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-[^-]+(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/;
const SDIST = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)-(\d[^-]*)\.(?:tar\.gz|zip)$/;
const HTML = 'text/html; charset=utf-8';
const isSimple = (path: string) => /^simple(?:\/[^/]*\/?)?$/.test(path);

/** Pages by the normalized name of their project and with a slash at the end, as PEP 503 wants; the JSON API takes names alike. */
function canonical(path: string): string {
  const [, project = ''] = /^simple(?:\/([^/]*)\/?)?$/.exec(path) ?? [];
  if (/^simple(?:\/[^/]*\/?)?$/.test(path)) return project === '' ? 'simple/' : `simple/${normalizeName(project)}/`;
  return path.replace(/^pypi\/([^/]+)(?=\/.*json$)/, (_all, name: string) => `pypi/${normalizeName(name)}`);
}

/** Python packages. */
export const pypi: Format = {
  packageType: 'pypi',
  canonical,
  classify: (path) => (!path.startsWith('simple/') && /\.(?:whl|tar\.gz)$/.test(path) ? 'immutable' : 'mutable'),
  variant: (path, accept) => (isSimple(path) ? (/application\/vnd\.pypi\.simple\.v1\+(?:json|html)/.exec(accept)?.[0] ?? '') : ''),
  upload: { strict: true, check: checkUpload },
  localIndex: {
    strict: true,
    covers: isSimple,
    make(request, files) {
      const body = localPage(request, files);
      return body === undefined ? undefined : { contentType: HTML, body };
    },
  },
  merge: { strict: true, accept: () => 'text/html', covers: isSimple, make: mergeSimple },
  rewrite: { strict: false, accept: () => 'text/html', covers: isSimple, make: (request, member) => mergeSimple(request, [member]) },
};

function mergeSimple({ path }: IndexRequest, members: readonly MemberDocument[]): Document {
  return { contentType: HTML, body: projectOf(path) === '' ? mergeProjects(members) : mergePages(path, members) };
}

function checkUpload(path: string): UploadCheck {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const name = WHEEL.exec(file)?.[1] ?? SDIST.exec(file)?.[1];
  if (name === undefined) return { reason: `expected a .whl, .tar.gz or .zip with a valid distribution name, got ${file}` };
  return { path: `${normalizeName(name)}/${file}`, contentType: 'application/octet-stream' };
}

function projectOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function localPage({ path, self }: IndexRequest, files: readonly LocalFile[]): string | undefined {
  const project = projectOf(path);
  if (project === '') {
    const names = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
    return writePage(
      'simple/',
      [...names].map((name) => ({ text: name, href: `${self.url}simple/${encodePath(name)}/`, rest: '' })),
    );
  }
  const own = files.filter((file) => file.path.startsWith(`${normalizeName(project)}/`));
  if (own.length === 0) return undefined;
  const anchors = own.map((file) => ({
    text: file.path.slice(file.path.indexOf('/') + 1),
    href: `${self.url}${encodePath(file.path)}#sha256=${file.hash}`,
    rest: '',
  }));
  return writePage(path, anchors);
}
