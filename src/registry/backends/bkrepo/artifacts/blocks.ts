import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type BlobStore } from '../../../store/blobs';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { BkProblem, problem } from '../problem';
import { Changes } from './changes';
import { metadataOf } from './metadata';
import { Nodes } from './nodes';
import { booleanHeader, checkDigests, checkSize, expiryOf, headerOf, receive, receiveBody } from './receive';
import { genericTarget, headerMissing, requireWritable, type Target } from './target';
import { type BkBlockTable, type BkUploadTable } from './tables';
import { lostContent, wholeDays } from './upload';
import { Uploads } from './uploads';

const EXPIRE_SECONDS = 43_200;
/** The number of slashes before the path of `/generic/block/{project}/{repository}/{path}`. */
const SLASHES = 5;
const URL = '/generic/block/:project/:repo/*';

/** `/generic/block/{project}/{repository}/{path}`: a file that is uploaded in parts. */
export function blocks(app: FastifyInstance, context: BkContext): void {
  const uploads = new Uploads(context.store.metadata);

  app.post(URL, async (request) => {
    const { place, repository } = await writable(context, request);
    requireWritable(repository);
    const there = booleanHeader(request, 'x-bkrepo-overwrite') ? undefined : await new Nodes(context.store.metadata).find(place);
    if (there && !(await lostContent(context.store.blobs, there))) throw problem('NODE_EXISTED', `Node [${place.path}] existed`);
    const uploadId = await uploads.begin(place, context.store.metadata.now() + EXPIRE_SECONDS * 1000);
    return ok({ uploadId, expireSeconds: EXPIRE_SECONDS });
  });

  app.get(URL, async (request) => {
    const at = await genericTarget(context, request, { slashes: SLASHES, action: 'READ' });
    const { id } = await begunUpload(context, request, at);
    const rows = await uploads.blocks(id);
    return ok(rows.map(({ size, hash, sequence }) => ({ size, sha256: hash, sequence })));
  });

  app.put(URL, async (request) => {
    await complete(context, request, await writable(context, request));
    return ok();
  });

  app.delete(URL, async (request) => {
    const { id } = await begunUpload(context, request, await writable(context, request));
    await uploads.remove(id);
    return ok();
  });
}

/** Takes one part; a part that is there already stays unless it may be overwritten. */
export async function takeBlock(context: BkContext, request: FastifyRequest, at: Target) {
  requireWritable(at.repository);
  const { id } = await begunUpload(context, request, at);
  const sequence = Number(headerOf(request, 'x-bkrepo-sequence'));
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw problem('PARAMETER_INVALID', 'Header X-BKREPO-SEQUENCE is invalid');
  const received = await receiveBody(context.store, request);
  checkDigests(request, received);
  checkSize(request, received.size);
  const { hash, size } = received;
  const overwrite = booleanHeader(request, 'x-bkrepo-overwrite');
  await new Uploads(context.store.metadata).putBlock({ upload: id, sequence, hash, size }, overwrite);
  return ok();
}

async function complete(context: BkContext, request: FastifyRequest, at: Target): Promise<void> {
  requireWritable(at.repository);
  const { id } = await begunUpload(context, request, at);
  const uploads = new Uploads(context.store.metadata);
  const parts = await uploads.blocks(id);
  const isWhole = parts.length > 0 && parts.every(({ sequence }, index) => sequence === index + 1);
  if (!isWhole) throw new BkProblem(251212, 400, 'The parts of the upload are not complete');
  const { blobs } = context.store;
  const there = await new Nodes(context.store.metadata).find(at.place);
  const lost = there && (await lostContent(blobs, there));
  const received = await receive(blobs, joined(blobs, parts));
  checkDigests(request, received);
  checkSize(request, received.size);
  const expires = expiryOf(context, wholeDays(headerOf(request, 'x-bkrepo-expires')));
  const overwrite = booleanHeader(request, 'x-bkrepo-overwrite') || lost?.hash === received.hash;
  const file = { ...received, metadata: metadataOf(request), expires, overwrite };
  await Changes.run(context, at.principal.userId, (changes) => changes.putFile(at.place, file));
  await uploads.remove(id);
}

async function* joined(blobs: BlobStore, parts: readonly BkBlockTable[]): AsyncGenerator<Uint8Array, void> {
  for (const { hash } of parts) {
    for await (const chunk of await blobs.read(hash)) yield chunk as Uint8Array;
  }
}

function writable(context: BkContext, request: FastifyRequest): Promise<Target> {
  return genericTarget(context, request, { slashes: SLASHES, action: 'WRITE' });
}

async function begunUpload(context: BkContext, request: FastifyRequest, { place }: Target): Promise<BkUploadTable> {
  const id = headerOf(request, 'x-bkrepo-upload-id');
  if (id === undefined) throw headerMissing('X-BKREPO-UPLOAD-ID');
  const upload = await new Uploads(context.store.metadata).find(id);
  const fits = upload?.project === place.project && upload.repo === place.repo && upload.full_path === place.path;
  if (!upload || !fits) throw problem('UPLOAD_ID_UNKNOWN', `Upload id [${id}] not found`);
  return upload;
}
