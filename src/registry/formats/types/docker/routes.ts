import { type Answer, type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { DockerError, done } from './answers';
import { hasImage, showReferrers, showTags } from './lists';
import { deleteManifest, putManifest, showManifest } from './manifests';
import { type Asked, checkedDigest, checkImage, imagesOf, paths, readPath } from './names';
import { addToUpload, beginUpload, cancelUpload, finishUpload, showUpload } from './uploads';

type Handler = (request: RouteRequest, repository: LocalRepository, asked: Asked) => Promise<Answer>;

/** What the protocol has, by method and kind of path. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET manifest': showManifest,
  'PUT manifest': putManifest,
  'DELETE manifest': deleteManifest,
  'GET blob': showBlob,
  'DELETE blob': deleteBlob,
  'POST upload': beginUpload,
  'GET upload': showUpload,
  'PATCH upload': addToUpload,
  'PUT upload': finishUpload,
  'DELETE upload': cancelUpload,
  'GET tags': showTags,
  'GET referrers': showReferrers,
};
/** What no real server is known to have. */
const BEYOND: ReadonlySet<string> = new Set(['DELETE manifest', 'DELETE blob', 'GET referrers']);

/** Whether a request is one of the protocol, even if it is none that a registry can answer. */
export function covers(_method: string, path: string): boolean {
  return readPath(path) !== undefined;
}

/** What a request does that its method does not tell: an upload that is cancelled deletes nothing. */
export function does(method: string, path: string): 'write' | undefined {
  return method === 'DELETE' && readPath(path)?.kind === 'upload' ? 'write' : undefined;
}

/** The image that a path is about. */
export function about(path: string): string {
  return readPath(path)?.image ?? path;
}

/** Whether the image of a path was pushed into a repository, or one that a path which the protocol does not have begins with. */
export async function ownsImage(path: string, repository: LocalRepository): Promise<boolean> {
  for (const image of imagesOf(path)) if (image !== '' && (await hasImage(repository, image))) return true;
  return false;
}

/** Answers a request of the protocol. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const asked = readPath(request.path);
  if (!asked) return undefined;
  const route = `${request.method} ${asked.kind}`;
  const handler = request.strict && BEYOND.has(route) ? undefined : ROUTES[route];
  if (!handler) throw refusal(request, asked);
  checkImage(asked.image);
  return handler(request, repository, asked);
}

/** Clients take a 404 for "there is no such list here", and go without. */
function refusal({ method, path }: RouteRequest, { kind }: Asked): DockerError {
  if (method === 'GET') return new DockerError([404, 'UNSUPPORTED'], `${JSON.stringify(path)} is not served`);
  return new DockerError([405, 'UNSUPPORTED'], `${method} is not possible for ${kind === 'upload' ? 'an upload' : `a ${kind}`}`);
}

async function showBlob(_request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Answer> {
  const digest = checkedDigest(asked.reference).text;
  const file = await repository.find(paths.blob(asked.image, digest));
  if (!file) throw unknownBlob(asked);
  return { file, contentType: 'application/octet-stream', headers: { 'docker-content-digest': digest } };
}

async function deleteBlob(_request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  const path = paths.blob(asked.image, checkedDigest(asked.reference).text);
  if (!(await repository.change((files) => files.remove(path)))) throw unknownBlob(asked);
  return done(202);
}

function unknownBlob({ image, reference }: Asked): DockerError {
  return new DockerError([404, 'BLOB_UNKNOWN'], `${JSON.stringify(image)} has no blob ${reference}`);
}
