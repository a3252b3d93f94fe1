import { type Place } from './format';

/**
 * Resolves a link found in a document of a repository: beneath the repository's upstream it leads through this registry,
 * elsewhere it is left alone, made absolute.
 */
export function throughRegistry(href: string, documentPath: string, place: Place): string {
  const base = new URL(place.upstream);
  const target = resolve(href, new URL(documentPath, base));
  if (!target) return href;
  if (target.host !== base.host || !target.pathname.startsWith(base.pathname)) return isAbsolute(href) ? href : target.href;
  return place.url + target.pathname.slice(base.pathname.length) + target.search + target.hash;
}

/** Encodes a path for use in a URL, segment by segment. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function resolve(href: string, base: URL): URL | undefined {
  return URL.canParse(href, base.href) ? new URL(href, base) : undefined;
}

function isAbsolute(href: string): boolean {
  return URL.canParse(href);
}
