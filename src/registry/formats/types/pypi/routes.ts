import { STATUS_CODES } from 'node:http';
import { HttpError } from '../../../errors';
import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { isOwn } from './local';
import { wheelMetadata } from './metadata';
import { projectsOf, yankedOf } from './names';
import { upload } from './upload';
import { unyank, yank } from './yank';

const METADATA = /(\.whl)\.metadata$/i;
const DONE: Document = { contentType: 'text/plain; charset=utf-8', body: '' };

/** Whether a request is one of the upload form, of yanking, or for the metadata of a wheel. */
export function covers(method: string, path: string): boolean {
  return method !== 'GET' || METADATA.test(path);
}

/** What a request does that its method does not tell: a version that is no longer yanked loses nothing. */
export function does(method: string, path: string): 'write' | undefined {
  return method === 'DELETE' && yankedOf(path) ? 'write' : undefined;
}

/** The path that a request is about: an upload is about any project. */
export function about(path: string): string {
  return path.replace(METADATA, '$1');
}

/** Answers a request of the type's own. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  const { method, path, self } = request;
  if (method === 'GET') return metadataOf(request, repository);
  if (method === 'POST' && path === '') await upload(request, repository);
  else if (method === 'PUT' && yankedOf(path)) await yank(request, repository);
  else if (method === 'DELETE' && yankedOf(path)) await unyank(request, repository);
  else throw new HttpError(405, `${method} is not supported at this URL; twine and uv upload to ${self.url}`, { allow: 'GET, HEAD' });
  return DONE;
}

/** Whether a file of a project that a path may belong to was uploaded into a repository. */
export async function hasProject(path: string, repository: LocalRepository): Promise<boolean> {
  const found = await Promise.all(projectsOf(path).map((name) => repository.list(`${name}/`)));
  return found.some((files) => files.some(isOwn));
}

/** An error as pip, twine and uv show it: pip and twine have the reason phrase, uv has what is under `code` in JSON. */
export function problem({ status, message }: HttpError): Document {
  const json = { message, code: `${status} ${message}`, title: STATUS_CODES[status] };
  return { contentType: 'application/json', reason: message, body: JSON.stringify(json) };
}

/** The metadata of a wheel by itself (PEP 658). */
async function metadataOf({ path }: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  const wheel = await repository.find(about(path));
  if (!wheel) return undefined;
  const { hash, size } = wheel;
  return repository.kept([path, hash], async () => ({
    contentType: 'application/octet-stream',
    body: await wheelMetadata({ path: wheel.path, size, open: (range) => repository.read(hash, range) }),
  }));
}
