import { type Context } from '../../context';
import { UnknownRepositoryError } from '../../errors';
import { sendFile } from '../../reply';
import { type Served, type ServedMember } from '../../serving/served';
import { type Remote } from '../../store/repositories';
import { localRepository } from './local-repository';
import { type Kind, locationOf, repositoryUrl } from './locations';
import { membersOf } from './virtuals';

/** A repository by its name, or a 404; one of another kind has another URL. */
export async function servedRepository(context: Context, root: string, { name, kind }: { name: string; kind?: Kind }): Promise<Served> {
  const { repositories } = context.store;
  const remote = kind === 'virtual' ? undefined : await repositories.remote(name);
  if (remote && (kind === undefined || kind === remote.repo_type)) return member(context, root, remote);
  const virtual = kind === undefined || kind === 'virtual' ? await repositories.virtual(name) : undefined;
  if (!virtual) throw new UnknownRepositoryError(NAMES[kind ?? 'any'], name);
  const url = repositoryUrl(root, 'virtual', name);
  return {
    kind: 'virtual',
    packageType: virtual.package_type,
    location: { name, url, upstream: url },
    members: async () => (await membersOf(context, virtual)).map((each) => member(context, root, each)),
  };
}

const NAMES = { remote: 'remote', local: 'local repository', virtual: 'virtual repository', any: 'repository' } as const;

/** A remote or local repository as it is served. */
function member(context: Context, root: string, remote: Remote): ServedMember {
  const location = locationOf(root, remote);
  const packageType = remote.package_type;
  if (remote.repo_type !== 'local') return { kind: 'remote', packageType, location, remote };
  return {
    kind: 'local',
    packageType,
    location,
    repository: localRepository(context, remote, location),
    send(exchange, { file, contentType = file.content_type, headers }) {
      const { hash, size, created_at } = file;
      const presented = { hash, size, contentType, lastModified: new Date(created_at).toUTCString(), ...(headers && { headers }) };
      return sendFile(exchange, context.store.blobs, presented);
    },
  };
}
