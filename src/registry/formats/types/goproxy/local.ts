import { HttpError } from '../../../errors';
import { type Answer, type Document, type MemberDocument, type RouteRequest } from '../../format';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { readObject } from '../../json';
import { modOf } from './archive';
import { byVersion, isPseudo, newestOf, timeOf, withoutMajor } from './names';
import { folderOf, type GoPath, moduleIn, readPath } from './paths';

const TEXT = 'text/plain; charset=utf-8';

/** Answers what the go command asks of a module that was uploaded: everything follows from its archives. */
export async function answerRoute({ path }: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const asked = readPath(path);
  if (asked.kind === 'list' || asked.kind === 'latest')
    return repository.kept([path, await repository.revision()], () => index(asked, repository));
  if (asked.kind !== 'file') return undefined;
  const archive = await repository.find(`${path.slice(0, -asked.extension.length)}zip`);
  if (archive && asked.extension === 'mod') return mod(archive, asked, repository);
  const file = await repository.find(path);
  if (file) return { file };
  if (archive && asked.extension === 'info') return info(asked.version, archive.created_at);
  throw new HttpError(404, `not found: ${asked.module}@${asked.version} is not in repository ${JSON.stringify(repository.location.name)}`);
}

/**
 * Whether a repository has the module of a path, or one that this lies below: a public module there would take the place of a package
 * of the internal one.
 */
export async function hasModule(path: string, repository: LocalRepository): Promise<boolean> {
  const asked = readPath(path);
  const elements = (asked.kind === 'other' ? moduleIn(path) : asked.module).split('/');
  const above = elements.map((_element, index) => elements.slice(0, index + 1).join('/'));
  for (const module of above) if ((await repository.list(folderOf(module), 1)).length > 0) return true;
  // Its other major versions are in folders below it, and of gopkg.in beside it.
  const folders = [...new Set(above.map(withoutMajor))].map((module) => folderOf(module).slice(0, -'/@v/'.length));
  for (const folder of folders) {
    const others = [...(await repository.list(`${folder}/v`)), ...(await repository.list(`${folder}.v`))];
    if (others.some((file) => /^[/.]v\d+\/@v\//.test(file.path.slice(folder.length)))) return true;
  }
  return false;
}

/** Merges the lists of versions, or the newest versions, of several repositories. */
export function merge(path: string, members: readonly MemberDocument[]): Document {
  if (readPath(path).kind === 'list') {
    const all = members.flatMap(({ body }) =>
      body
        .toString('utf8')
        .split('\n')
        .map((line) => line.trim()),
    );
    return listOf([...new Set(all)].filter((line) => line !== ''));
  }
  const known = members.map(({ body }) => ({ body, version: String(readObject(body, 'what is known of a Go version')['Version']) }));
  const newest = newestOf(known.map(({ version }) => version));
  return json((known.find(({ version }) => version === newest) ?? known[0])?.body ?? '{}');
}

async function index(asked: Extract<GoPath, { kind: 'list' | 'latest' }>, repository: LocalRepository): Promise<Document> {
  const files = await repository.list(folderOf(asked.module));
  const archives = files.flatMap((file) => {
    const read = readPath(file.path);
    return read.kind === 'file' && read.extension === 'zip' ? [{ ...file, version: read.version }] : [];
  });
  const versions = archives.map(({ version }) => version);
  const newest = archives.find(({ version }) => version === newestOf(versions));
  if (!newest)
    throw new HttpError(404, `not found: module ${asked.module} is not in repository ${JSON.stringify(repository.location.name)}`);
  return asked.kind === 'list' ? listOf(versions.filter((version) => !isPseudo(version))) : info(newest.version, newest.created_at);
}

function mod(archive: RepositoryFile, { module, version }: { module: string; version: string }, repository: LocalRepository) {
  const content = { size: archive.size, open: (range?: { start: number; end: number }) => repository.read(archive.hash, range) };
  const make = async () => ({ contentType: TEXT, body: await modOf(content, module, version) });
  return repository.kept(['go.mod', module, version, archive.hash], make);
}

function listOf(versions: readonly string[]): Document {
  return {
    contentType: TEXT,
    body: [...versions]
      .sort(byKnownVersion)
      .map((version) => `${version}\n`)
      .join(''),
  };
}

/** What an upstream lists need not be a version. */
function byKnownVersion(a: string, b: string): number {
  try {
    return byVersion(a, b);
  } catch {
    return a < b ? -1 : 1;
  }
}

function info(version: string, created: string): Document {
  return json(JSON.stringify({ Version: version, Time: timeOf(version, created) }));
}

function json(body: string | Buffer): Document {
  return { contentType: 'application/json', body };
}
