import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Blob, type BlobStore } from '../../../store/blobs';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { problem } from '../problem';
import { Changes } from './changes';
import { metadataOf } from './metadata';
import { type Node, nodeDetail } from './node';
import { Nodes } from './nodes';
import { arrivingBody, booleanHeader, checkDigests, expiryOf, headerOf, receiveBody } from './receive';
import { checksumHeaders, type Exchange } from './send';
import { requireWritable, type Target } from './target';

/** Takes the body of a request as the content of a file. */
export async function upload(
  context: BkContext,
  { request, reply }: Exchange,
  { place, repository, principal }: Target,
): Promise<FastifyReply> {
  requireWritable(repository);
  const overwrite = booleanHeader(request, 'x-bkrepo-overwrite');
  const metadata = metadataOf(request);
  const expires = expiryOf(context, wholeDays(headerOf(request, 'x-bkrepo-expires')));
  // Looked at before the body is read as well, so that a large one is not stored in vain.
  const there = overwrite ? undefined : await new Nodes(context.store.metadata).find(place);
  if (there) {
    await repair(context, request, there);
    return reply.headers(checksumHeaders(there)).send(ok(nodeDetail(there)));
  }
  const received = await receiveBody(context.store, request);
  checkDigests(request, received);
  const file = { ...received, metadata, expires, overwrite };
  const node = await Changes.run(context, principal.userId, (changes) => changes.putFile(place, file));
  return reply.headers(checksumHeaders(node)).send(ok(nodeDetail(node)));
}

/** Takes the content of a file that lacks it; 251012 where that is another one, or the file lacks nothing. */
async function repair({ store: { blobs } }: BkContext, request: FastifyRequest, node: Node): Promise<void> {
  const lost = await lostContent(blobs, node);
  if (!lost || !(await blobs.restore(lost, arrivingBody(request)))) throw problem('NODE_EXISTED', `Node [${node.full_path}] existed`);
}

/** The content of a file, if it is missing or damaged. */
export async function lostContent(blobs: BlobStore, { hash, size }: Pick<Node, 'hash' | 'size'>): Promise<Blob | undefined> {
  return hash === null || (await blobs.isIntact({ hash, size })) ? undefined : { hash, size };
}

/** The days in a header; anything but a number is none. */
export function wholeDays(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
}
