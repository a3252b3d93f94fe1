import { createHash } from 'node:crypto';
import { HttpError } from '../../../errors';
import { readWhole } from '../../../store/blobs';
import { type Answer, type Document, type RouteRequest } from '../../format';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { packageOf, type RpmPackage } from './package';
import { readHeaders } from './header';
import { DOCUMENTS, headOf, RENDER, tailOf } from './render';
import { DocumentWriter, filesOf, writeRepomd } from './written';
import { readIndexPath, xmlDocument } from './paths';
import { keyDocument, signatureOf } from './signature';

/** Answers a request for an index of a folder, which has the packages in it and below. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const asked = readIndexPath(request.path);
  if (!asked) return undefined;
  const { folder, name } = asked;
  if (name === 'repomd.xml') return current(folder, repository);
  if (name === 'repomd.xml.key') return keyDocument(request);
  if (name === 'repomd.xml.asc') return signatureOf(request, await current(folder, repository), repository);
  // Also one that was replaced: who has read an older repomd.xml goes on with what that names.
  const found = await repository.generated.find(request.path);
  if (found) return { file: found, isGenerated: true };
  await current(folder, repository);
  const made = await repository.generated.find(request.path);
  return made && { file: made, isGenerated: true };
}

/** The `repomd.xml` of the packages that there are now. */
async function current(folder: string, repository: LocalRepository): Promise<Document> {
  return repository.kept(['repomd.xml', folder, await repository.revision()], () => repomdOf(folder, repository));
}

/** Makes the indexes of a folder, unless they were made of the same packages before. */
async function repomdOf(folder: string, repository: LocalRepository): Promise<Document> {
  const packages = (await repository.list(folder)).filter(({ path }) => path.endsWith('.rpm'));
  const { name } = repository.location;
  if (packages.length === 0 && folder !== '')
    throw new HttpError(404, `no packages in ${JSON.stringify(folder)} of ${JSON.stringify(name)}`);
  const inputs = packages.map(({ path, hash, created_at }) => [path, hash, created_at]);
  // Named after what the indexes are made of, where no client looks.
  const place = `${folder}repodata/.${createHash('sha256').update(JSON.stringify(inputs)).digest('hex')}`;
  const known = await repository.generated.find(place);
  if (known) return xmlDocument(await readWhole(repository, known.hash));
  const documents = await write(folder, repository, packages);
  const time = Math.max(0, ...packages.map(timeOf));
  const repomd = Buffer.from(writeRepomd(documents, time));
  const blob = await repository.receive(once(repomd));
  await repository.generated.put([...filesOf(folder, documents), { path: place, blob, contentType: 'application/xml' }]);
  return xmlDocument(repomd);
}

/** Writes the documents, with one package in memory at a time. */
async function write(folder: string, repository: LocalRepository, packages: readonly RepositoryFile[]) {
  const listed: RepositoryFile[] = [];
  for (const file of packages) if (file.metadata !== '' || (await isReadable(file, repository))) listed.push(file);
  const writers = DOCUMENTS.map((type) => ({ type, writer: new DocumentWriter(type, `${type}.xml.gz`, repository) }));
  try {
    for (const { type, writer } of writers) await writer.write(headOf(type, listed.length));
    for (const file of listed) {
      const described = await read(file, repository);
      const { hash, size } = file;
      const of = { path: file.path.slice(folder.length), hash, size, time: timeOf(file) };
      for (const { type, writer } of writers) for (const text of RENDER[type](described, of)) await writer.write(text);
    }
    for (const { type, writer } of writers) await writer.write(tailOf(type));
    return await Promise.all(writers.map(({ writer }) => writer.end()));
  } catch (cause) {
    await Promise.all(writers.map(({ writer }) => writer.abort()));
    throw cause;
  }
}

async function read({ hash, size }: RepositoryFile, repository: LocalRepository): Promise<RpmPackage> {
  return packageOf(await readHeaders({ size, open: (range) => repository.read(hash, range) }));
}

/** Whether a file that was stored without being read is a package. */
async function isReadable(file: RepositoryFile, repository: LocalRepository): Promise<boolean> {
  // What cannot be opened at all is no matter of the file.
  (await repository.read(file.hash)).destroy();
  return read(file, repository).then(
    () => true,
    () => false,
  );
}

function timeOf({ created_at }: RepositoryFile): number {
  return Math.floor(Date.parse(created_at) / 1000);
}

async function* once(content: Buffer): AsyncGenerator<Buffer, void> {
  yield await Promise.resolve(content);
}
