import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { type Blob, hashOf } from '../../../store/blobs';
import { DockerError, done } from './answers';
import { ALGORITHMS, type Asked, checkedDigest, type Digest, paths, placeOf } from './names';

/** Begins the upload of a blob; the request can have all of it, or name another repository that has it. */
export async function beginUpload(request: RouteRequest, repository: LocalRepository, { image }: Asked): Promise<Document> {
  const { query, strict } = request;
  const mount = query.get('mount');
  const mounted = mount !== null && !strict && (await mountBlob(request, repository, { image, digest: checkedDigest(mount) }));
  if (mounted) return mounted;
  const given = query.get('digest');
  if (given !== null) {
    const digest = checkedDigest(given);
    return keep(request, repository, { image, digest, blob: await repository.receive(request.content()) });
  }
  const algorithm = query.get('digest-algorithm') ?? ALGORITHMS[0];
  if (!ALGORITHMS.some((known) => known === algorithm))
    throw new DockerError(
      [400, 'DIGEST_INVALID'],
      `invalid digest-algorithm ${JSON.stringify(algorithm)}: expected ${ALGORITHMS.join(' or ')}`,
    );
  return done(202, headersOf(request, { id: await repository.uploads.begin(image), size: 0 }));
}

/** Says how much of an upload has arrived. */
export async function showUpload(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  return done(204, headersOf(request, { id: asked.reference, size: await sizeOf(repository, asked) }));
}

/** Adds a part to an upload. */
export async function addToUpload(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  await append(request, repository, asked);
  return done(202, headersOf(request, { id: asked.reference, size: await sizeOf(repository, asked) }));
}

/** Ends an upload, perhaps with its last part; the blob is there after it if it is what its digest says. */
export async function finishUpload(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  const { image, reference: id } = asked;
  const digest = checkedDigest(request.query.get('digest'));
  if (hasBody(request)) await append(request, repository, asked);
  else await sizeOf(repository, asked);
  try {
    return await keep(request, repository, { image, digest, blob: await repository.uploads.whole(id, image) });
  } finally {
    await repository.uploads.end(id, image);
  }
}

/** Forgets an upload. */
export async function cancelUpload(_request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<Document> {
  if (!(await repository.uploads.end(asked.reference, asked.image))) throw unknownUpload(asked);
  return done(204);
}

interface Wanted {
  readonly image: string;
  readonly digest: Digest;
}

async function mountBlob(request: RouteRequest, repository: LocalRepository, { image, digest }: Wanted): Promise<Document | undefined> {
  const from = request.query.get('from');
  const found = from === null ? undefined : await repository.findElsewhere(paths.blob(from, digest.text));
  return found && put(request, repository, { image, digest, blob: found });
}

/** Stores a blob under its digest; other content is refused, and nothing refers to it. */
async function keep(request: RouteRequest, repository: LocalRepository, wanted: Wanted & { blob: Blob }): Promise<Document> {
  const { digest, blob } = wanted;
  const found = digest.algorithm === 'sha256' ? blob.hash : await hashOf(repository, blob.hash, digest.algorithm);
  if (found !== digest.hex) {
    const size = `${blob.size} bytes`;
    throw new DockerError(
      [400, 'DIGEST_INVALID'],
      `the ${size} that arrived have the digest ${digest.algorithm}:${found}, not ${digest.text}`,
    );
  }
  return put(request, repository, wanted);
}

async function put(
  request: RouteRequest,
  repository: LocalRepository,
  { image, digest, blob }: Wanted & { blob: Blob },
): Promise<Document> {
  const path = paths.blob(image, digest.text);
  await repository.change(async (files) => {
    if (!(await files.find(path)))
      await files.put(path, { blob: { hash: blob.hash, size: blob.size }, contentType: 'application/octet-stream' });
  });
  const location = `${placeOf(request.address)}blobs/${digest.text}`;
  return done(201, { location, 'docker-content-digest': digest.text });
}

async function append(request: RouteRequest, repository: LocalRepository, asked: Asked): Promise<void> {
  const { image, reference: id } = asked;
  const size = await sizeOf(repository, asked);
  const offset = offsetOf(request) ?? size;
  const isNext = offset === size && (await repository.uploads.append({ id, path: image, offset }, request.content()));
  if (isNext) return;
  const now = await sizeOf(repository, asked);
  const message = `the part begins at byte ${offset}, but ${now} bytes have arrived: continue at byte ${now}`;
  throw new DockerError([416, 'BLOB_UPLOAD_INVALID'], message, headersOf(request, { id, size: now }));
}

/** Where a part begins by its `Content-Range`, which must fit its length; without one it continues what has arrived. */
function offsetOf(request: RouteRequest): number | undefined {
  const range = request.header('content-range');
  if (range === '') return undefined;
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(range) ?? [];
  if (first === undefined || Number(last) < Number(first))
    throw new DockerError(
      [400, 'BLOB_UPLOAD_INVALID'],
      `invalid Content-Range ${JSON.stringify(range)}: expected FIRST-LAST, such as 0-1023`,
    );
  const length = request.header('content-length');
  if (length !== '' && Number(length) !== Number(last) - Number(first) + 1)
    throw new DockerError([400, 'SIZE_INVALID'], `Content-Range is ${JSON.stringify(range)}, but the body has ${length} bytes`);
  return Number(first);
}

function hasBody(request: RouteRequest): boolean {
  return request.header('transfer-encoding') !== '' || Number(request.header('content-length')) > 0;
}

async function sizeOf(repository: LocalRepository, asked: Asked): Promise<number> {
  const size = await repository.uploads.size(asked.reference, asked.image);
  if (size === undefined) throw unknownUpload(asked);
  return size;
}

function unknownUpload({ image, reference }: Asked): DockerError {
  const message = `there is no upload ${JSON.stringify(reference)} to ${JSON.stringify(image)}; it was ended, or abandoned for a day`;
  return new DockerError([404, 'BLOB_UPLOAD_UNKNOWN'], message);
}

function headersOf(request: RouteRequest, { id, size }: { id: string; size: number }): Record<string, string> {
  const location = `${placeOf(request.address)}blobs/uploads/${id}`;
  return { location, range: `0-${Math.max(0, size - 1)}`, 'docker-upload-uuid': id };
}
