import { compare } from '@renovatebot/pep440';
import { type Document, type IndexRequest } from '../../format';
import { type Json } from '../../json';
import { encodePath } from '../../links';
import { type RepositoryFile } from '../../repository';
import { notesOf } from './metadata';
import { nameOf, normalizeName, readFileName, readPath, versionKey, yankedOf } from './names';
import { projectPage, projectsPage, representationOf } from './pages';
import { type SimpleFile } from './simple';

/** The files that an index is made of: those of a project for its page, else all. */
export function filesFor(path: string): string {
  const asked = readPath(path);
  return asked.kind === 'project' ? `${normalizeName(asked.name)}/` : '';
}

/** The page of a project of a local repository, or the list of all; undefined if it has no files of the project. */
export function localPage(request: IndexRequest, files: readonly RepositoryFile[]): Document | undefined {
  const { path, self, accept, strict } = request;
  const type = representationOf(strict ? '' : accept);
  const asked = readPath(path);
  const own = files.filter(isOwn);
  if (asked.kind !== 'project') {
    const names = new Set(own.map((file) => file.path.split('/')[0] ?? ''));
    return projectsPage(type, [...names], `${self.url}simple/`);
  }
  if (own.length === 0) return undefined;
  const name = normalizeName(asked.name);
  if (strict) return projectPage(type, { path, name, files: own.map((file) => simpleFile(file, self.url, {})), projects: [] });
  const yanks = new Map(files.map(yankIn).filter((each) => each !== undefined));
  const shown = own.map((file) => {
    const reason = yanks.get(versionKey(versionOf(file)) ?? '');
    return simpleFile(file, self.url, { ...noted(file), ...(reason !== undefined && { yanked: reason || true }) });
  });
  const versions = [...new Set(own.map(versionOf))].filter(versionKey).sort(compare);
  const about = { apiVersion: '1.1', json: { versions }, metas: [], files: [] };
  return projectPage(type, { path, name, files: shown, projects: [about] });
}

/** The version of a file that was uploaded: as its metadata has it, else as its name has it. */
export function versionOf(file: RepositoryFile): string {
  return notesOf(file).version ?? readFileName(nameOf(file.path))?.version ?? '';
}

/** Whether a file is one of a project; what is remembered of versions is in folders below. */
export function isOwn({ path }: Pick<RepositoryFile, 'path'>): boolean {
  return path.split('/').length === 2;
}

/** Which version a file marks as yanked, and why. */
function yankIn({ path, metadata }: RepositoryFile): [version: string, reason: string] | undefined {
  const yanked = yankedOf(path);
  return yanked && [yanked.version, metadata];
}

function noted(file: RepositoryFile): Json {
  const { requiresPython, metadata } = notesOf(file);
  const told = metadata === undefined ? undefined : { sha256: metadata };
  return {
    ...(requiresPython !== undefined && { 'requires-python': requiresPython }),
    // The second name is that of clients which are older than PEP 714.
    ...(told && { 'core-metadata': told, 'dist-info-metadata': told }),
  };
}

function simpleFile(file: RepositoryFile, root: string, facts: Json): SimpleFile {
  const { path, hash, size, created_at } = file;
  const [name, url] = [nameOf(file.path), root + encodePath(path)];
  return { name, url, from: { json: { filename: name, url, hashes: { sha256: hash }, ...facts, size, 'upload-time': created_at } } };
}
