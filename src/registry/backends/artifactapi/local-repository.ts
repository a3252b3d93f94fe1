import { type FastifyRequest } from 'fastify';
import { principalOf, readable } from '../../access/principal';
import { type Context } from '../../context';
import { type RepositoryLocation } from '../../formats/format';
import { type LocalRepository, type NewFile } from '../../formats/repository';
import { LocalFiles } from '../../store/files';
import { ownerOf } from '../../store/owners';
import { type Remote } from '../../store/repositories';

/** Where a repository is, and who works with it. */
interface Seen {
  readonly location: RepositoryLocation;
  readonly request: FastifyRequest;
}

/** A local repository as formats see it. */
export function localRepository(
  { store, indexes, events, access, quotas }: Context,
  repository: Remote,
  { location, request }: Seen,
): LocalRepository {
  const { name: repo, created_at } = repository;
  const { repositories, files, blobs, metadata } = store;
  const itself = ['artifactapi', repo];
  const limited = (content: AsyncIterable<Uint8Array>) => quotas.limited(metadata, repo, content);
  // A repository that takes the name of an earlier one has none of its uploads, nor of its indexes. What one has begun to upload is not for
  // another to go on with.
  const uploads = store.uploads.of(ownerOf(itself, created_at, ...(access.isRequired ? [principalOf(request).id] : [])));
  return {
    location,
    find: (path) => files.find(repo, path),
    list: (prefix, limit, after) => files.within(repo, prefix, { limit, after }),
    revision: () => files.revision(repo),
    receive: (content) => blobs.receive(limited(content)),
    uploads: { ...uploads, append: (at, content) => uploads.append(at, limited(content)) },
    generated: store.generated.of(ownerOf(itself, created_at)),
    async findElsewhere(path) {
      const [name = '', ...rest] = path.split('/');
      const other = readable(request)(name) ? await repositories.remote(name) : undefined;
      if (other?.repo_type !== 'local' || other.package_type !== repository.package_type) return undefined;
      const file = await files.find(name, rest.join('/'));
      return file && (await blobs.has(file)) ? file : undefined;
    },
    read: (hash, range) => blobs.read(hash, range),
    change: async (steps) => {
      const { result, told } = await metadata.transaction(async (inside) => {
        const changed = new LocalFiles(inside);
        const news: News[] = [];
        const put = async (path: string, file: NewFile) => {
          await changed.put(rowOf(repo, path, file));
          news.push(['file.uploaded', { name: repo, path, size: file.blob.size }]);
        };
        const remove = async (path: string) => {
          const isRemoved = await changed.remove(repo, path);
          if (isRemoved) news.push(['file.deleted', { name: repo, path }]);
          return isRemoved;
        };
        const [find, list] = [(path: string) => changed.find(repo, path), (prefix: string) => changed.within(repo, prefix)];
        const result = await steps({ find, list, put, remove, noteVersion: unlisted, forgetVersion: unlisted });
        // Who only removes may, even where there is too much.
        if (news.some(isUpload)) await quotas.checkLocal(inside, repo, uploadedBytes(news));
        return { result, told: news };
      });
      for (const [type, facts] of told) events.emit(type, facts);
      return result;
    },
    // A repository that takes the name of an earlier one has nothing of what was kept for that.
    kept: (inputs, make) => indexes.get(repo, [location.url, created_at, inputs], make),
  };
}

/** What has happened, for those who listen. */
type News = readonly [type: string, facts: { readonly name: string; readonly path: string; readonly size?: number }];

const isUpload = ([type]: News) => type === 'file.uploaded';
const uploadedBytes = (news: readonly News[]) => news.filter(isUpload).reduce((sum, [, { size = 0 }]) => sum + size, 0);

/** ArtifactAPI lists files, not packages. */
const unlisted = () => Promise.resolve();

function rowOf(repo: string, path: string, { blob, contentType, metadata = '' }: NewFile) {
  return { repo, path, hash: blob.hash, content_type: contentType, metadata, created_at: new Date().toISOString() };
}
