import { type FastifyReply } from 'fastify';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { problem } from '../problem';
import { Changes } from './changes';
import { metadataOf } from './metadata';
import { nodeDetail } from './node';
import { Nodes } from './nodes';
import { booleanHeader, checkDigests, expiryOf, headerOf, receiveBody } from './receive';
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
  if (!overwrite && (await new Nodes(context.store.metadata).find(place))) throw problem('NODE_EXISTED', `Node [${place.path}] existed`);
  const received = await receiveBody(context.store.blobs, request);
  checkDigests(request, received);
  const file = { ...received, metadata, expires, overwrite };
  const node = await Changes.run(context, principal.userId, (changes) => changes.putFile(place, file));
  return reply.headers(checksumHeaders(node)).send(ok(nodeDetail(node)));
}

/** The days in a header; anything but a number is none. */
export function wholeDays(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
}
