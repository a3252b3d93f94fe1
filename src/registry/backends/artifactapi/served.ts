import { type FastifyRequest } from 'fastify';
import { refusal } from '../../access/guard';
import { principalOf, readable } from '../../access/principal';
import { type Context } from '../../context';
import { UnknownRepositoryError } from '../../errors';
import { sendFile } from '../../reply';
import { type Served, type ServedMember } from '../../serving/served';
import { type Remote } from '../../store/repositories';
import { localRepository } from './local-repository';
import { type Kind, locationOf, repositoryUrl } from './locations';
import { membersOf } from './virtuals';

/** A repository by its name, or a 404; one of another kind has another URL. */
export async function servedRepository(context: Context, asker: Asker, { name, kind }: { name: string; kind?: Kind }): Promise<Served> {
  const { repositories } = context.store;
  const remote = kind === 'virtual' ? undefined : await repositories.remote(name);
  if (remote && (kind === undefined || kind === remote.repo_type)) return member(context, asker, remote);
  const virtual = kind === undefined || kind === 'virtual' ? await repositories.virtual(name) : undefined;
  if (!virtual) throw new UnknownRepositoryError(NAMES[kind ?? 'any'], name);
  const url = repositoryUrl(asker.root, 'virtual', name);
  const mayRead = readable(asker.request);
  return {
    kind: 'virtual',
    packageType: virtual.package_type,
    location: { name, url, upstream: url },
    async members() {
      const all = await membersOf(context, virtual);
      const visible = all.filter((each) => mayRead(each.name));
      const [first] = all;
      if (first && visible.length === 0) throw refusal(asker.request, 'read', first.name);
      return visible.map((each) => member(context, asker, each));
    },
    // What is internal stays so for those who may not read it: else they would get a public package of its name.
    owners: async () =>
      (await membersOf(context, virtual)).map((each) => member(context, asker, each)).filter((each) => each.kind === 'local'),
    withheld: { names: virtual.members.filter((each) => !mayRead(each)), isKnown: !principalOf(asker.request).isAnonymous },
  };
}

/** Who asks for a repository, and the URL of the registry that it uses, without a slash at the end. */
export interface Asker {
  readonly request: FastifyRequest;
  readonly root: string;
}

const NAMES = { remote: 'remote', local: 'local repository', virtual: 'virtual repository', any: 'repository' } as const;

/** A remote or local repository as it is served. */
function member(context: Context, asker: Asker, remote: Remote): ServedMember {
  const location = locationOf(asker.root, remote);
  const packageType = remote.package_type;
  if (remote.repo_type !== 'local') return { kind: 'remote', packageType, location, remote };
  return {
    kind: 'local',
    packageType,
    location,
    repository: localRepository(context, remote, { location, request: asker.request }),
    send(exchange, { file, contentType = file.content_type, headers }) {
      const { hash, size, created_at } = file;
      const presented = { hash, size, contentType, lastModified: new Date(created_at).toUTCString(), ...(headers && { headers }) };
      return sendFile(exchange, context.store.blobs, presented);
    },
  };
}
