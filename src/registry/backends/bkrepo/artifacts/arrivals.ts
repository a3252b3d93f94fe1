import { type LocalRepository } from '../../../formats/repository';
import { authorize, existingRepository } from '../authorize';
import { type BkContext } from '../context';
import { BkProblem } from '../problem';
import { toFile } from './format-repository';
import { type Node } from './node';
import { Nodes } from './nodes';
import { normalizePath } from './paths';
import { type Received, receive, summed } from './receive';
import { ownerOf } from '../../../store/owners';
import { type Target } from './target';

/** The ways in which content comes to a repository; its checksums are noted, for nodes have them. */
export function arrivals(
  context: BkContext,
  target: Target,
  received: Map<string, Received>,
): Pick<LocalRepository, 'receive' | 'uploads' | 'findElsewhere'> {
  const { blobs, uploads: all } = context.store;
  const { repository, place } = target;
  const uploads = all.of(ownerOf(['bkrepo', place.project, place.repo], repository.createdDate));
  const noted = (blob: Received) => {
    received.set(blob.hash, blob);
    return blob;
  };
  return {
    receive: async (content) => noted(await receive(blobs, content)),
    uploads: { ...uploads, whole: async (id, path) => noted(await summed(blobs, await uploads.whole(id, path))) },
    async findElsewhere(path) {
      const node = await nodeElsewhere(context, target, path);
      if (!node?.hash) return undefined;
      const { hash, size, md5, crc64ecma } = node;
      if (!(await blobs.has({ hash, size }))) return undefined;
      noted({ hash, size, md5, crc64ecma });
      return toFile(node);
    },
  };
}

/** A file of another repository of the same type that the sender of a request may read. */
async function nodeElsewhere(context: BkContext, { repository, principal }: Target, address: string): Promise<Node | undefined> {
  const [project = '', repo = '', ...rest] = address.split('/');
  const path = normalizePath(rest.join('/'));
  try {
    await authorize(context, principal, { action: 'READ', project, repository: repo, path });
  } catch (cause) {
    if (cause instanceof BkProblem) return undefined;
    throw cause;
  }
  const other = await existingRepository(context, project, repo);
  const isAlike = other.type === repository.type && ['LOCAL', 'COMPOSITE'].includes(other.category);
  return isAlike ? new Nodes(context.store.metadata).find({ project, repo, path }) : undefined;
}
