import { createHash } from 'node:crypto';
import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { checksumLine, entriesOf, isFolder, listingOf } from './listing';

const CHECKSUM = /^(.*[^/])\.(md5|sha1|sha256|sha512)$/;
/** Whoever has more files than this in a folder and below it does not read a list of them. */
const MOST = 100_000;

/** Whether a request may be one for a listing or for the checksum of a file. */
export const covers = (method: string, path: string): boolean => method === 'GET' && (isFolder(path) || CHECKSUM.test(path));

/** Answers with the listing of a folder, or the checksum of a file. What is stored under the same path comes first. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  return isFolder(request.path) ? listing(request, repository) : checksum(request, repository);
}

/** Whether a repository has the file at a path, or the one that a checksum is of. A folder belongs to nobody. */
export async function hasFile(path: string, repository: LocalRepository): Promise<boolean> {
  const [, of = path] = CHECKSUM.exec(path) ?? [];
  return (await repository.find(path)) !== undefined || (await repository.find(of)) !== undefined;
}

async function listing({ path, accept }: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  if (path !== '' && (await repository.list(path, 1)).length === 0) return undefined;
  const make = async () => listingOf({ path, accept }, entriesOf(path, await repository.list(path, MOST)));
  return repository.kept(['listing', path, accept, await repository.revision()], make);
}

async function checksum({ path }: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  const [, of = '', algorithm = ''] = CHECKSUM.exec(path) ?? [];
  const file = (await repository.find(path)) ? undefined : await repository.find(of);
  if (!file) return undefined;
  if (algorithm === 'sha256') return checksumLine(of, file.hash);
  return repository.kept(['checksum', algorithm, of, file.hash], async () => {
    const sum = createHash(algorithm);
    for await (const chunk of await repository.read(file.hash)) sum.update(chunk as Buffer);
    return checksumLine(of, sum.digest('hex'));
  });
}
