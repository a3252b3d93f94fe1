import * as z from 'zod';
import { markupParser } from '../../markup';
import { isPage } from '../../web-page';
import { type Entry } from './listing';

const MAX_DEPTH = 64;
/** A row of a listing as it is written here: the name, the time, the size. */
const COLUMNS = { time: 1, size: 2 };

const size = z.int().nonnegative().optional().catch(undefined);
const time = z.iso.datetime().optional().catch(undefined);
const listed = z.array(z.object({ name: z.string(), type: z.enum(['directory', 'file']), size, mtime: time }));

/** What a listing tells: a page, whose links are to what is there, or JSON as it is written here; nothing of what is neither. */
export function readListing(body: Buffer): Entry[] {
  return isPage(body) ? inPage(body) : inJson(body);
}

function inPage(page: Buffer): Entry[] {
  const entries: Entry[] = [];
  let [names, cells]: [string[], string[]] = [[], []];
  const endRow = () => {
    const [only] = names;
    const digits = cells[COLUMNS.size] ?? '';
    if (names.length === 1 && only !== undefined)
      entries.push(entryOf(only, digits === '' ? undefined : Number(digits), cells[COLUMNS.time]));
    else entries.push(...names.map((name) => ({ name })));
    [names, cells] = [[], []];
  };
  const parser = markupParser(
    { what: 'a listing', maxDepth: MAX_DEPTH, isXml: false },
    {
      onopentag(tag, { href }) {
        if (tag === 'tr') endRow();
        if (tag === 'td') cells.push('');
        if (tag === 'a' && href !== undefined) names.push(...nameIn(href));
      },
      ontext(text) {
        if (cells.length > 0) cells.push((cells.pop() ?? '') + text);
      },
    },
  );
  parser.end(page.toString('utf8'));
  endRow();
  return entries;
}

function inJson(body: Buffer): Entry[] {
  try {
    const entries = listed.parse(JSON.parse(body.toString('utf8')));
    return entries
      .filter(({ name }) => isName(name))
      .map(({ name, type, ...facts }) => entryOf(type === 'directory' ? `${name}/` : name, facts.size, facts.mtime));
  } catch {
    return [];
  }
}

/** An entry with what is told of it, where that is a size and a time. A folder has neither. */
function entryOf(name: string, ofSize: unknown, ofTime: unknown): Entry {
  if (name.endsWith('/')) return { name };
  const facts = { size: size.parse(ofSize), time: time.parse(ofTime) };
  return { name, ...(facts.size !== undefined && { size: facts.size }), ...(facts.time !== undefined && { time: facts.time }) };
}

/** The name that a link of a listing is to; links for sorting, to the folder above or elsewhere have none. */
function nameIn(href: string): string[] {
  const [, name = '', slash = ''] = /^(?:\.\/)?([^/?#]+)(\/?)$/.exec(href) ?? [];
  try {
    const decoded = decodeURIComponent(name);
    return isName(decoded) ? [decoded + slash] : [];
  } catch {
    return [];
  }
}

/** Whether a text can be the name of a file or folder, and is not the beginning of a URL. */
function isName(text: string): boolean {
  return !(text === '' || /^\.{1,2}$|[/\\\p{Cc}]|^[a-z][a-z0-9+.-]*:/iu.test(text));
}
