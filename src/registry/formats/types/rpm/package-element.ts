import { isUrl } from '../../../../common/urls';
import { beneath } from '../../links';
import { markupParser } from '../../markup';
import { MAX_DEPTH } from '../../xml';
import { attribute, type DocumentName } from './render';

/** What an index says of a package, as it is written. */
export interface PackageElement {
  /** The checksum by which documents name the package. */
  readonly id: string;
  /** Its names; a sound one has one. */
  readonly names: readonly string[];
  /** What two of the same version have in common. */
  readonly key: string;
  /** With a location that leads through a virtual, and without what an upstream says to provide or to replace of internal packages. */
  rewritten(source: Rewriting, internal: ReadonlySet<string>): string;
}

/** How locations are rewritten: those below a URL begin with a prefix then. */
export interface Rewriting {
  readonly root: string;
  readonly prefix: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Relations by which a package stands for another one. */
const STANDS_FOR = new Set(['provides', 'obsoletes']);

/** Reads the element of a package; throws if it is none that is complete. */
export function readElement(text: string, document: DocumentName): PackageElement {
  if (document !== 'primary') {
    const [, id] = /^<package\s[^>]*?\bpkgid\s*=\s*["']([^"'<&]+)["']/.exec(text) ?? [];
    if (id === undefined) throw new Error('a <package> in it has no pkgid');
    return { id: copied(id), names: [], key: '', rewritten: () => text };
  }
  return readPrimary(text);
}

function readPrimary(text: string): PackageElement {
  const texts: Record<'name' | 'arch' | 'checksum', string[]> = { name: [], arch: [], checksum: [] };
  const entries: (Span & { readonly name: string })[] = [];
  const locations: (Span & { readonly href: string; readonly base: string })[] = [];
  const open: { readonly name: string; text: string }[] = [];
  let version = '';
  let isClosed = true;
  const parser = markupParser(
    { what: 'a <package>', maxDepth: MAX_DEPTH, isXml: true },
    {
      onopentag(tag, attributes) {
        const [name, parent] = [local(tag), open.at(-1)?.name ?? ''];
        const span = { start: parser.startIndex, end: parser.endIndex + 1 };
        if (open.length === 1 && name === 'version') version = ['epoch', 'ver', 'rel'].map((key) => attributes[key] ?? '').join('\n');
        if (open.length === 1 && name === 'location')
          locations.push({ ...span, href: attributes['href'] ?? '', base: attributes['xml:base'] ?? '' });
        if (name === 'entry' && STANDS_FOR.has(parent)) entries.push({ ...span, name: attributes['name'] ?? '' });
        open.push({ name, text: '' });
      },
      ontext(part) {
        const last = open.at(-1);
        if (last) last.text += part;
      },
      onclosetag(tag, isImplied) {
        const closed = open.pop();
        // A tag that closes itself ends with a slash; another that is closed by what follows was never closed.
        if (isImplied && text[parser.endIndex - 1] !== '/') isClosed = false;
        if (open.length === 1 && closed && closed.name in texts) texts[closed.name as keyof typeof texts].push(closed.text.trim());
      },
    },
  );
  parser.end(text);
  const [[id], [location, ...others]] = [texts.checksum, locations];
  if (!isClosed || id === undefined || texts.name.length === 0 || !location || others.length > 0)
    throw new Error('a <package> in it is not complete: it has no checksum, no name, not one location, or tags that are not closed');
  return {
    id: copied(id),
    names: texts.name,
    key: copied([texts.name, version, texts.arch].join('\n')),
    rewritten(rewriting, internal) {
      const cuts = entries.filter(({ name }) => internal.has(name)).map((entry) => ({ ...entry, text: '' }));
      return `${replaced(text, [...cuts, { ...location, text: locationOf(location, rewriting) }])}\n`;
    },
  };
}

/** Where a package is: below the root of its member through the virtual, elsewhere as it was. */
function locationOf({ href, base }: { href: string; base: string }, { root, prefix }: Rewriting): string {
  const from = base !== '' && isUrl(base, root) ? new URL(base.replace(/\/*$/, '/'), root) : new URL(root);
  const target = isUrl(href, from.href) ? new URL(href, from) : from;
  const within = beneath(target, new URL(root));
  if (within !== undefined) return `<location href="${attribute(prefix + within)}"/>`;
  const folder = new URL('.', target).href;
  return `<location xml:base="${attribute(folder)}" href="${attribute(target.href.slice(folder.length))}"/>`;
}

function replaced(text: string, parts: readonly (Span & { readonly text: string })[]): string {
  let result = '';
  let at = 0;
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, part.start) + part.text;
    at = part.end;
  }
  return result + text.slice(at);
}

/** A part of a text that does not keep the whole of it in memory. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
