import { type MemberDocument } from './format';

/**
 * Resolves a link found in a document of a repository against where the document was found: beneath the repository's upstream, or
 * beneath where that has moved to, it leads through this registry; elsewhere it is left alone, made absolute.
 */
export function throughRegistry(href: string, document: Pick<MemberDocument, 'path' | 'url' | 'place'>): string {
  const { path, url, place } = document;
  if (!URL.canParse(href, url)) return href;
  const target = new URL(href, url);
  for (const base of [place.upstream, movedTo(url, path)]) {
    const rest = base === undefined ? undefined : beneath(target, new URL(base));
    if (rest !== undefined) return place.url + rest;
  }
  return URL.canParse(href) ? href : target.href;
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
