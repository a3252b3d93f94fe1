import { markupParser } from '../../markup';

/** A link of a page: its text and its attributes, decoded, in the order they stood in. */
export interface Anchor {
  readonly text: string;
  readonly href: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a page of HTML holds, as far as it may be a simple index. */
export interface Page {
  readonly anchors: readonly Anchor[];
  /** The contents of `<meta>` elements whose names begin with `pypi:`. */
  readonly metas: readonly (readonly [name: string, content: string])[];
  /** What the page's own links are relative to, when it says so. */
  readonly base: string | undefined;
  /** Whether the page asks for a password. */
  readonly asksPassword: boolean;
  /** Whether the page does or asks for something, as a login page does; an index without files does not. */
  readonly isActive: boolean;
  /** Text outside of links and headings. */
  readonly prose: string;
}

const ACTIVE = new Set(['form', 'input', 'button', 'iframe', 'frame', 'script']);
const SILENT = new Set(['title', 'style', 'script', 'h1', 'h2', 'h3', 'h4', 'template', 'noscript']);

/** Deep enough for pages that close few of their elements. */
const MAX_DEPTH = 1000;

/** Reads a page as a browser would; throws with what was expected when its elements are nested too deeply. */
export function readHtml(html: string, expected: string): Page {
  const reader = new Reader();
  const parser = markupParser(
    { what: expected, maxDepth: MAX_DEPTH, isXml: false },
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      onclosetag: (name) => reader.close(name),
      ontext: (text) => reader.write(text),
    },
  );
  parser.end(html);
  return reader.page();
}

class Reader {
  readonly #anchors: Anchor[] = [];
  readonly #metas: [string, string][] = [];
  #base: string | undefined;
  #asksPassword = false;
  #isActive = false;
  #prose = '';
  #silent = 0;
  #anchor: { text: string; href: string | undefined; attributes: Record<string, string> } | undefined;

  page(): Page {
    this.#end();
    const seen = { asksPassword: this.#asksPassword, isActive: this.#isActive, prose: this.#prose.trim() };
    return { anchors: this.#anchors, metas: this.#metas, base: this.#base, ...seen };
  }

  open(name: string, attributes: Record<string, string>): void {
    if (ACTIVE.has(name) || (name === 'meta' && /^refresh$/i.test(attributes['http-equiv'] ?? ''))) this.#isActive = true;
    if (name === 'input' && /^password$/i.test(attributes['type'] ?? '')) this.#asksPassword = true;
    if (name === 'a') {
      // A link inside of a link ends the one before.
      this.#end();
      const { href, ...rest } = attributes;
      this.#anchor = { text: '', href, attributes: rest };
    } else if (name === 'base') this.#base ??= attributes['href'];
    else if (name === 'meta' && attributes['name']?.startsWith('pypi:')) {
      this.#metas.push([attributes['name'], attributes['content'] ?? '']);
    } else if (SILENT.has(name)) this.#silent++;
  }

  write(text: string): void {
    if (this.#anchor) this.#anchor.text += text;
    else if (this.#silent === 0 && this.#prose.length < 1000) this.#prose += text;
  }

  close(name: string): void {
    if (name === 'a') this.#end();
    else if (SILENT.has(name)) this.#silent = Math.max(0, this.#silent - 1);
  }

  #end(): void {
    const anchor = this.#anchor;
    this.#anchor = undefined;
    if (anchor?.href === undefined) return;
    this.#anchors.push({ text: anchor.text.replace(/\s+/g, ' ').trim(), href: anchor.href.trim(), attributes: anchor.attributes });
  }
}

/** Writes a page of links. */
export function writeHtml(title: string, anchors: readonly Anchor[], metas: Page['metas'] = [['pypi:repository-version', '1.0']]): string {
  const head = metas.map(([name, content]) => `    <meta name="${escape(name)}" content="${escape(content)}">`);
  const body = anchors.map(({ text, href, attributes }) => {
    const rest = Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`);
    return `    <a href="${escape(href)}"${rest.join('')}>${escape(text)}</a><br>`;
  });
  const top = ['<!DOCTYPE html>', '<html>', '  <head>', ...head, `    <title>${escape(title)}</title>`, '  </head>'];
  return [...top, '  <body>', ...body, '  </body>', '</html>', ''].join('\n');
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
