import { basename } from 'node:path/posix';
import { visible } from '../../../../common/visible';
import { HttpError } from '../../../errors';
import { type Document, type IndexRequest, type MemberDocument } from '../../format';
import { encodePath } from '../../links';
import { isPage } from '../../web-page';
import { type RepositoryFile } from '../../repository';
import { readListing } from './read-listing';

/** What is listed of a folder. */
export interface Entry {
  /** Its name; that of a folder ends with a slash. */
  readonly name: string;
  /** In bytes; a folder has none, and neither has what is listed elsewhere in another form. */
  readonly size?: number;
  /** When it was stored, in ISO 8601. */
  readonly time?: string;
}

/** Whether a path is a folder's: the listing is relative to it, so it ends with a slash. */
export const isFolder = (path: string): boolean => path === '' || path.endsWith('/');

/** What is in a folder, of all files whose paths begin with it. */
export function entriesOf(folder: string, files: readonly RepositoryFile[]): Entry[] {
  const byName = new Map<string, Entry>();
  for (const { path, size, created_at } of files) {
    const rest = path.slice(folder.length);
    const slash = rest.indexOf('/');
    const name = slash < 0 ? rest : rest.slice(0, slash + 1);
    if (name !== '') byName.set(name, slash < 0 ? { name, size, time: created_at } : { name });
  }
  return ordered([...byName.values()]);
}

/** A folder as a page, or in JSON if the client asks for that. */
export function listingOf({ path, accept }: Pick<IndexRequest, 'path' | 'accept'>, entries: readonly Entry[]): Document {
  if (/\bapplication\/json\b/.test(accept)) {
    const listed = entries.map(({ name, size, time }) => ({
      name: name.replace(/\/$/, ''),
      type: name.endsWith('/') ? 'directory' : 'file',
      ...(size !== undefined && { size }),
      ...(time !== undefined && { mtime: time }),
    }));
    return { contentType: 'application/json', body: JSON.stringify(listed), headers: { Vary: 'Accept' } };
  }
  const title = `Index of /${visible(path)}`;
  const rows = [...(path === '' ? [] : [{ name: '../' }]), ...entries].map(rowOf);
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body>
<h1>${escaped(title)}</h1>
<table>
${rows.join('\n')}
</table>
</body>
</html>
`;
  return { contentType: 'text/html; charset=utf-8', body, headers: { Vary: 'Accept' } };
}

/** One listing out of several. What is no listing is passed on if nothing else is there. */
export function mergeListings(request: IndexRequest, members: readonly MemberDocument[]): Document {
  const [first] = members;
  if (!first) throw new HttpError(404, `${request.path} is in none of the members`);
  if (members.length === 1 && !isPage(first.body)) return { contentType: first.contentType, body: first.body };
  // A file that several have is that of the internal one, else of the first: what is said of theirs is written last.
  const bySource = [...members].sort((a, b) => Number(b.isInternal ?? false) - Number(a.isInternal ?? false)).reverse();
  const byName = new Map(bySource.flatMap(({ body }) => readListing(body)).map((entry) => [entry.name, entry]));
  return listingOf(request, ordered([...byName.values()]));
}

/** Folders first. */
const ordered = (entries: readonly Entry[]): Entry[] => {
  const rank = ({ name }: Entry): string => (name.endsWith('/') ? '0' : '1') + name;
  return [...entries].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
};

const rowOf = ({ name, size, time }: Entry): string => {
  const href = name === '../' ? name : `./${encodePath(name.replace(/\/$/, ''))}${name.endsWith('/') ? '/' : ''}`;
  return `<tr><td><a href="${escaped(href)}">${escaped(visible(name))}</a></td><td>${time ?? ''}</td><td align="right">${size ?? ''}</td></tr>`;
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A checksum as `sha256sum -c` and the like read it. */
export const checksumLine = (path: string, hex: string): Document => ({
  contentType: 'text/plain; charset=utf-8',
  body: `${hex}  ${basename(path)}\n`,
});
