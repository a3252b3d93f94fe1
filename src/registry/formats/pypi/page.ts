import { type MemberDocument } from '../format';
import { throughRegistry } from '../links';

/** A link of a simple page: its text, its address and its other attributes, as they stood. */
export interface Anchor {
  readonly text: string;
  readonly href: string;
  readonly rest: string;
}

const ANCHOR = /<a\s([^>]*?)>([\s\S]*?)<\/a\s*>/gi;
const HREF = /(^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

/** Makes a name comparable as PEP 503 says. */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Merges the links of simple pages: the first member that has a file or project of a name gives it. */
export function mergePages(path: string, members: readonly MemberDocument[]): string {
  const merged = new Map<string, Anchor>();
  for (const member of members) {
    for (const anchor of readAnchors(member.body.toString('utf8'))) {
      if (!merged.has(anchor.text)) merged.set(anchor.text, { ...anchor, href: throughRegistry(anchor.href, member) });
    }
  }
  return writePage(path, [...merged.values()]);
}

/** Merges lists of projects; each link leads to the virtual's own page of the project. */
export function mergeProjects(members: readonly MemberDocument[]): string {
  const names = members.flatMap(({ body }) => readAnchors(body.toString('utf8')).map((anchor) => normalizeName(unescape(anchor.text))));
  return writePage(
    'simple/',
    [...new Set(names)].sort().map((name) => ({ text: name, href: `${name}/`, rest: '' })),
  );
}

/** Writes a simple page. */
export function writePage(title: string, anchors: readonly Anchor[]): string {
  const lines = anchors.map(({ text, href, rest }) => `    <a href="${escape(href)}"${rest}>${text}</a><br>`);
  return [
    '<!DOCTYPE html>',
    '<html>',
    '  <head>',
    '    <meta name="pypi:repository-version" content="1.0">',
    `    <title>${escape(title)}</title>`,
    '  </head>',
    '  <body>',
    ...lines,
    '  </body>',
    '</html>',
    '',
  ].join('\n');
}

function readAnchors(html: string): Anchor[] {
  return [...html.matchAll(ANCHOR)].flatMap(([, attributes = '', text = '']) => {
    const href = HREF.exec(attributes);
    if (!href) return [];
    const rest = attributes.replace(HREF, '').trim();
    return [{ text: text.trim(), href: unescape(href[2] ?? href[3] ?? href[4] ?? ''), rest: rest && ` ${rest}` }];
  });
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function unescape(text: string): string {
  return text
    .replace(/&(?:quot|#34);/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
