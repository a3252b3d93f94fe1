import { isUrl } from '../../common/urls';
import { canonicalPath, type Spelling } from '../proxy/canonical';
import { type MemberDocument } from './format';

/** Names the path at this registry of a file that lies outside of its repository's upstream. */
export type Naming = (target: URL) => string;

/** A document whose links are resolved. */
type Linked = Pick<MemberDocument, 'path' | 'url' | 'location'>;

/**
 * Resolves a link found in a document of a repository against where the document was found: beneath the repository's upstream, or
 * beneath where that has moved to, it leads through this registry; elsewhere, or with a query that may expire, it leads through this
 * registry under a name of the format's choice, or is left alone, made absolute.
 */
export function throughRegistry(href: string, document: Linked, naming?: Naming): string {
  const { url, location } = document;
  if (!isUrl(href, url)) return href;
  const outside = naming && outsideOf(href, document);
  if (outside) return location.url + encodePath(naming(outside)) + outside.hash;
  const target = new URL(href, url);
  const within = withinOf(target, document);
  if (within !== undefined) return location.url + within;
  return isUrl(href) ? href : target.href;
}

/** Where a link leads that only its document tells of: outside of the upstream, or to an address that is not one for ever. */
export function outsideOf(href: string, document: Linked): URL | undefined {
  if (!isUrl(href, document.url)) return undefined;
  const target = new URL(href, document.url);
  const within = withinOf(target, document);
  const isStable = within !== undefined && target.search === '' && isPlain(within);
  return isStable || !/^https?:$/.test(target.protocol) ? undefined : target;
}

/** The canonical path of a file below the upstream that a link leads to; undefined where it leads elsewhere or is no link. */
export function pathOf(href: unknown, document: Linked, spelling: Spelling): string | undefined {
  if (typeof href !== 'string' || !isUrl(href, document.url) || outsideOf(href, document)) return undefined;
  const within = withinOf(new URL(href, document.url), document)?.replace(/#.*$/, '');
  try {
    return within === undefined ? undefined : canonicalPath(within, spelling);
  } catch {
    return undefined;
  }
}

function withinOf(target: URL, { path, url, location }: Linked): string | undefined {
  const bases = [location.upstream, movedTo(url, path)].filter((base) => base !== undefined);
  return bases.map((base) => beneath(target, new URL(base))).find((within) => within !== undefined);
}

/** The decoded name of the file that a URL ends with. */
export function fileNameOf({ pathname }: Pick<URL, 'pathname'>): string {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  return (decoded(name) ?? name).replace(/[/\\\p{Cc}]/gu, '_');
}

/** What follows the address of a repository in a URL, with query and fragment, or undefined when it lies elsewhere. */
export function beneath(target: URL, base: URL): string | undefined {
  if (target.host !== base.host || !target.pathname.startsWith(base.pathname)) return undefined;
  return target.pathname.slice(base.pathname.length) + target.search + target.hash;
}

/** Encodes a path for use in a URL, segment by segment. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Whether a path stands for one file only, however it is read. */
function isPlain(within: string): boolean {
  const segments = within.replace(/#.*$/, '').split('/');
  return segments.every((segment, index) => (segment !== '' || index === segments.length - 1) && !/%2f|%5c|%25/i.test(segment));
}

/** The address that a repository answers at in truth, when a document was found under its own path at the end of another URL. */
function movedTo(url: string, path: string): string | undefined {
  const { origin, pathname } = new URL(url);
  for (let slash = pathname.indexOf('/'); slash >= 0; slash = pathname.indexOf('/', slash + 1)) {
    if (decoded(pathname.slice(slash + 1)) === path) return origin + pathname.slice(0, slash + 1);
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
