import { type RepositoryLocation } from '../../../formats/format';
import { ownerOf } from '../../../store/owners';
import { type FileChanges, type LocalRepository, type PackageVersion, type RepositoryFile } from '../../../formats/repository';
import { type BkContext } from '../context';
import { arrivals } from './arrivals';
import { Changes } from './changes';
import { type NodeMetadata } from './metadata';
import { type Node, type NodeKey } from './node';
import { Nodes } from './nodes';
import { packageKey } from './package-types';
import { type Received } from './receive';
import { mediaTypeOf } from './send';
import { type Target } from './target';

/** The metadata that a format's notes are kept as. */
const NOTES = 'format';

/** A local repository as formats see it; what changes there is done by the sender of the request. */
export function formatRepository(
  context: BkContext,
  { repository, principal, place }: Target,
  location: RepositoryLocation,
): LocalRepository {
  const { metadata, blobs } = context.store;
  const at = (path: string): NodeKey => ({ ...place, path: `/${path}` });
  const received = new Map<string, Received>();
  const nodes = new Nodes(metadata);

  return {
    location,
    find: (path) => fileAt(nodes, at(path)),
    list: async (prefix, limit, after) => (await nodes.files(at(prefix), limit, after && `/${after}`)).map(toFile),
    revision: () => nodes.revision(place),
    ...arrivals(context, { repository, principal, place }, received),
    read: (hash, range) => blobs.read(hash, range),
    change: (steps) =>
      Changes.run(context, principal.userId, (changes) => {
        const files: FileChanges = {
          find: (path) => fileAt(changes.nodes, at(path)),
          list: async (prefix) => (await changes.nodes.files(at(prefix))).map(toFile),
          async put(path, { blob, metadata: notes = '' }) {
            const sums = received.get(blob.hash);
            if (!sums) throw new Error('a file was put whose content this repository has not received');
            await changes.putFile(at(path), { ...sums, metadata: notesOf(notes), expires: 0, overwrite: true });
          },
          remove: async (path) => (await changes.remove([at(path)])).deletedNumber > 0,
          noteVersion: (version) => changes.packages.put(versionOf(version, { repository, principal })),
          async forgetVersion(name, version) {
            const found = await changes.packages.find(repository.projectId, repository.name, packageKey(repository, name));
            if (found) await changes.packages.removeVersion(found, version);
          },
        };
        return steps(files);
      }),
    generated: context.store.generated.of(ownerOf(['bkrepo', repository.projectId, repository.name], repository.createdDate)),
    kept: (inputs, make) => context.indexes.get(location.name, [location.url, repository.createdDate, inputs], make),
  };
}

async function fileAt(nodes: Nodes, place: NodeKey): Promise<RepositoryFile | undefined> {
  const node = await nodes.find(place);
  return node && !node.folder ? toFile(node) : undefined;
}

/** A node as formats see it. */
export function toFile({ full_path, hash, size, name, metadata, created_at }: Node): RepositoryFile {
  const notes = metadata.find(({ key, system }) => key === NOTES && system)?.value;
  const noted = typeof notes === 'string' ? notes : '';
  return {
    path: full_path.slice(1),
    hash: hash ?? '',
    size,
    content_type: mediaTypeOf(name),
    metadata: noted,
    created_at: `${created_at}Z`,
  };
}

function notesOf(notes: string): NodeMetadata[] {
  return notes === '' ? [] : [{ key: NOTES, value: notes, system: true, description: null }];
}

function versionOf(noted: PackageVersion, { repository, principal }: Pick<Target, 'repository' | 'principal'>) {
  const { name, version, description, size, tags, path, manifestPath } = noted;
  return {
    project: repository.projectId,
    repo: repository.name,
    packageKey: packageKey(repository, name),
    // Maven's packages are listed without their groups, which their keys have.
    packageName: name.slice(name.indexOf(':') + 1),
    packageType: repository.type,
    packageDescription: description,
    version,
    size,
    tags,
    contentPath: `/${path}`,
    manifestPath: `/${manifestPath}`,
    by: principal.userId,
  };
}
