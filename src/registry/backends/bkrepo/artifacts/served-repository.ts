import { type FastifyRequest } from 'fastify';
import { HttpError } from '../../../errors';
import { formatOf } from '../../../formats';
import { type FileAnswer, type RepositoryLocation } from '../../../formats/format';
import { type Exchange, sendFile } from '../../../reply';
import { type Served, type ServedLocal, type ServedMember, type ServedVirtual } from '../../../serving/served';
import { type Remote } from '../../../store/repositories';
import { isAllowed } from '../authorize';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { type Principal } from '../principal';
import { remoteOf, sourcesOf } from '../sources';
import { keyOf, liveRepository } from '../tables';
import { formatRepository } from './format-repository';
import { forbidden, intercept } from './interceptors';
import { membersOf } from './locate';
import { Nodes } from './nodes';
import { serviceOf } from './package-types';
import { nameOf, ROOT } from './paths';
import { checksumHeaders } from './send';
import { nodeNotFound, type Target } from './target';

/** Who asks for something, and how the server is reached. */
export interface Asker {
  readonly request: FastifyRequest;
  readonly principal: Principal;
  /** The path that the request is about, as that of a node: it decides which members may be read. */
  readonly about: string;
  /** The URL of the server, without a slash at the end. */
  readonly root: string;
}

/** A repository of a package type as it is served; what it has of others depends on who asks. */
export async function servedRepository(context: BkContext, repository: Repository, asker: Asker): Promise<Served> {
  const { category } = repository;
  if (category === 'LOCAL') return localOf(context, repository, asker);
  const parts = once(() => partsOf(context, repository, asker));
  if (category === 'REMOTE') {
    const [remote] = (await parts()).visible;
    if (!remote)
      throw new HttpError(502, `repository ${JSON.stringify(pathOf(repository))} has no upstream; set the url of its configuration`);
    return remote;
  }
  return {
    kind: 'virtual',
    packageType: packageTypeOf(repository),
    location: locationOf(repository, asker),
    // What is internal comes first, whatever the order of the list.
    members: async () => [...localsIn((await parts()).visible), ...(await parts()).visible.filter(({ kind }) => kind !== 'local')],
    owners: async () => localsIn([...(await parts()).visible, ...(await parts()).withheld]),
    ...(category === 'COMPOSITE' && { own: localOf(context, repository, asker) }),
  } satisfies ServedVirtual;
}

/** What a repository is made of. */
interface Parts {
  readonly visible: readonly ServedMember[];
  /** What the asker may not read. */
  readonly withheld: readonly ServedMember[];
}

async function partsOf(context: BkContext, repository: Repository, asker: Asker): Promise<Parts> {
  if (repository.category === 'VIRTUAL') return memberParts(context, repository, asker);
  return { visible: await placesOf(context, repository, asker), withheld: [] };
}

/** What a repository that is no virtual has by itself. */
async function placesOf(context: BkContext, repository: Repository, asker: Asker): Promise<readonly ServedMember[]> {
  const { category } = repository;
  const packageType = packageTypeOf(repository);
  const remotes = (await sourcesOf(context.bk, repository)).map((source): ServedMember => {
    const remote = limited(remoteOf(repository, source, packageType), repository, asker);
    const location = { ...locationOf(repository, asker), upstream: source.url.replace(/\/*$/, '/') };
    return { kind: 'remote', packageType, location, remote };
  });
  return category === 'REMOTE' ? remotes : [localOf(context, repository, asker), ...remotes];
}

/** A remote with the limits that its repository sets to downloads of files; whatever indexes are called, they are none. */
function limited(remote: Remote, repository: Repository, { request, principal }: Asker): Remote {
  const { classify } = formatOf(remote.package_type);
  const deny = (path: string) =>
    classify(path) === 'immutable'
      ? forbidden(repository, { request, principal, node: { name: nameOf(path), full_path: `/${path}`, metadata: [] } })
      : undefined;
  return { ...remote, ...(remote.owner && { owner: { ...remote.owner, deny } }) };
}

/**
 * The parts of all members and theirs, each visited once, whatever the ways that lead there: one that may be read on some way is visible.
 * One that is not there is an error, for its packages must not come from the others.
 */
async function memberParts(context: BkContext, root: Repository, asker: Asker): Promise<Parts> {
  const visible = new Map<string, readonly ServedMember[]>([[pathOf(root), []]]);
  const withheld = new Map<string, readonly ServedMember[]>();
  const visit = async (virtual: Repository, isVisible: boolean): Promise<void> => {
    for (const { projectId, name } of membersOf(virtual)) {
      const id = keyOf(projectId, name);
      if (visible.has(id) || (!isVisible && withheld.has(id))) continue;
      const member = await liveRepository(context.bk, projectId, name);
      if (!member) throw unfit(virtual, id, 'does not exist');
      if (serviceOf(member.type)?.packageType !== packageTypeOf(virtual)) throw unfit(virtual, id, `has the type ${member.type}`);
      const wish = { action: 'READ', project: projectId, repository: member, path: asker.about } as const;
      const mayRead = isVisible && (await isAllowed(context, asker.principal, wish));
      const found = mayRead ? visible : withheld;
      if (found.has(id)) continue;
      const isVirtual = member.category === 'VIRTUAL';
      found.set(id, isVirtual ? [] : await placesOf(context, member, asker));
      if (isVirtual) await visit(member, mayRead);
    }
  };
  await visit(root, true);
  return {
    visible: [...visible.values()].flat(),
    withheld: [...withheld].flatMap(([id, places]) => (visible.has(id) ? [] : places)),
  };
}

function unfit(virtual: Repository, member: string, why: string): HttpError {
  return new HttpError(502, `member ${JSON.stringify(member)} of virtual ${JSON.stringify(pathOf(virtual))} ${why}`);
}

function localsIn(members: readonly ServedMember[]): readonly ServedLocal[] {
  return members.filter((member) => member.kind === 'local');
}

/** The files of a repository itself. */
function localOf(context: BkContext, repository: Repository, asker: Asker): ServedLocal {
  const { projectId: project, name: repo } = repository;
  const target = { repository, principal: asker.principal, place: { project, repo, path: ROOT } };
  const location = locationOf(repository, asker);
  return {
    kind: 'local',
    packageType: packageTypeOf(repository),
    location,
    repository: formatRepository(context, target, location),
    send: (exchange, file) => send(context, exchange, { target, ...file }),
  };
}

/** Sends a file as the generic service does, with the limits that its repository sets. */
async function send(context: BkContext, exchange: Exchange, { target, file, ...shown }: FileAnswer & { target: Target }): Promise<unknown> {
  const { store } = context;
  const { repository, principal, place } = target;
  const nodes = new Nodes(store.metadata);
  const node = await nodes.find({ ...place, path: `/${file.path}` });
  if (!node?.hash) throw nodeNotFound(`/${file.path}`, 404);
  intercept(repository, { request: exchange.request, principal, node });
  await nodes.noteAccess(node);
  return sendFile(exchange, store.blobs, {
    hash: node.hash,
    size: node.size,
    contentType: shown.contentType ?? file.content_type,
    lastModified: new Date(`${node.modified_at}Z`).toUTCString(),
    headers: { ...checksumHeaders(node), ...shown.headers },
  });
}

function locationOf(repository: Repository, { root }: Asker): RepositoryLocation {
  const name = pathOf(repository);
  const url = `${root}${serviceOf(repository.type)?.prefix ?? '/'}${name}/`;
  return { name, url, upstream: url };
}

function pathOf({ projectId, name }: Repository): string {
  return keyOf(projectId, name);
}

function packageTypeOf({ type }: Repository): string {
  return serviceOf(type)?.packageType ?? '';
}

/** What is made by the first call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
