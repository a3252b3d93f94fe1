import { type MetadataStore } from '../../../store/metadata';
import { overQuota, sizeText } from '../../../store/quotas';
import { type BkContext } from '../context';
import { problem } from '../problem';
import { BkTables, liveRepository, keyOf, timestamp } from '../tables';
import { blankRow, type Node, type NodeKey } from './node';
import { type NodeMetadata } from './metadata';
import { Nodes } from './nodes';
import { Packages } from './packages';
import { folderOf } from './paths';

/** A file that is to become a node. */
export interface NewFile {
  readonly hash: string;
  readonly size: number;
  readonly md5: string;
  readonly crc64ecma: string;
  readonly metadata: readonly NodeMetadata[];
  /** When it expires, in milliseconds; 0 is never. */
  readonly expires: number;
  readonly overwrite: boolean;
}

/** What a deletion did. */
export interface Deletion {
  readonly deletedNumber: number;
  readonly deletedSize: number;
  readonly deletedTime: string;
}

/** Changes to nodes that happen together or not at all. */
export class Changes {
  readonly nodes: Nodes;
  readonly packages: Packages;
  private readonly tables: BkTables;

  private constructor(
    inside: MetadataStore,
    /** The user that makes the changes. */
    readonly by: string,
    private readonly context: Pick<BkContext, 'quotas' | 'strict'>,
  ) {
    this.tables = new BkTables(inside);
    this.nodes = new Nodes(inside, new Set());
    this.packages = new Packages(inside);
  }

  /** Runs steps in one transaction. */
  static run<T>(context: BkContext, by: string, steps: (changes: Changes) => Promise<T>): Promise<T> {
    return context.store.metadata.transaction((inside) => steps(new Changes(inside, by, context)));
  }

  /** Stores a file; whether it may take the place of another decides `overwrite`. */
  async putFile(place: NodeKey, file: NewFile): Promise<Node> {
    await this.sweep(place);
    const existing = await this.nodes.find(place);
    if (existing && !file.overwrite) throw problem('NODE_EXISTED', `Node [${place.path}] existed`);
    if (existing?.folder) throw problem('NODE_CONFLICT', `Node [${place.path}] conflict`);
    await this.mkdirs({ ...place, path: folderOf(place.path) });
    await this.addUsed(place, file.size - (existing?.size ?? 0));
    if (existing) await this.#markDeleted(existing, this.nodes.now());
    const { hash, size, md5, crc64ecma, expires } = file;
    const content = { hash, size, md5, crc64ecma, expires_at: expires, metadata: JSON.stringify(file.metadata), folder: 0 };
    return this.nodes.insert({ ...this.blankRow(place), ...content });
  }

  /** Makes a folder; one that is there already, or a file, is 251012. */
  async mkdir(place: NodeKey): Promise<Node> {
    await this.sweep(place);
    if (await this.nodes.find(place)) throw problem('NODE_EXISTED', `Node [${place.path}] existed`);
    await this.mkdirs({ ...place, path: folderOf(place.path) });
    return this.nodes.insert(this.blankRow(place));
  }

  /** Makes a folder and those above it where they lack; a file in the way is 251013. */
  async mkdirs(place: NodeKey): Promise<void> {
    const existing = await this.nodes.find(place);
    if (existing?.folder) return;
    if (existing) throw problem('NODE_CONFLICT', `Node [${place.path}] conflict`);
    await this.mkdirs({ ...place, path: folderOf(place.path) });
    await this.nodes.insert(this.blankRow(place));
  }

  /** Deletes files and folders with everything below them; missing ones are ignored. */
  async remove(places: readonly NodeKey[]): Promise<Deletion> {
    const nodes: Node[] = [];
    for (const place of places) {
      for (const node of await this.nodes.subtree(place)) nodes.push(node);
    }
    return this.removeNodes(nodes);
  }

  /** A row for a new node. */
  blankRow(place: NodeKey) {
    return blankRow(place, { by: this.by, at: new Date(this.nodes.now()) });
  }

  /** Deletes these nodes; those of one moment are restored together. */
  async removeNodes(all: readonly Node[], moment = this.nodes.now()): Promise<Deletion> {
    const nodes = [...new Map(all.map((node) => [node.id, node])).values()];
    for (const node of nodes) await this.#markDeleted(node, moment);
    const deletedSize = nodes.reduce((sum, { size }) => sum + size, 0);
    const [first] = nodes;
    if (first) await this.addUsed(first, -deletedSize);
    // Folders are deleted, but do not count.
    return { deletedNumber: nodes.filter(({ folder }) => !folder).length, deletedSize, deletedTime: timestamp(new Date(moment)) };
  }

  /** Counts bytes where a quota is set; more than it allows is 251025. */
  async addUsed({ project, repo }: Omit<NodeKey, 'path'>, bytes: number): Promise<void> {
    if (bytes > 0) await this.#checkQuotas(project, bytes);
    const repository = await liveRepository(this.tables, project, repo);
    if (repository?.quota == null) return;
    const used = (repository.used ?? 0) + bytes;
    if (bytes > 0 && used > repository.quota) {
      const [limit, before] = [repository.quota, repository.used ?? 0].map(readable);
      // More than a real server says.
      const more = this.context.strict ? '' : `, of which ${before} is used, and this needs ${readable(bytes)}`;
      throw problem('REPOSITORY_OVER_QUOTA', `Exceeded repository [${repo}] quota value [${limit}]${more}`);
    }
    await this.tables.repositories.replace(keyOf(project, repo), { ...repository, used: Math.max(0, used) });
  }

  /** What the operator allows to a project and to all of them; more is 251025, as for a repository. */
  async #checkQuotas(project: string, bytes: number): Promise<void> {
    const { quotas } = this.context;
    const [own, all] = [quotas.ofPart('bkrepo', project), quotas.ofBackend('bkrepo')];
    const check = (what: string, limit: number, used: number) => {
      if (used + bytes > limit) throw problem('REPOSITORY_OVER_QUOTA', overQuota(what, { limit, used, needs: sizeText(bytes) }));
    };
    if (own !== undefined) check(`project [${project}]`, own, await this.nodes.bytes(project));
    if (all !== undefined) check('all projects', all, await this.nodes.bytes());
  }

  /** Deletes what has expired, so that its path is free. */
  async sweep(place: Omit<NodeKey, 'path'>): Promise<void> {
    const expired = await this.nodes.expired(place);
    if (expired.length > 0) await this.removeNodes(expired);
  }

  async #markDeleted(node: Node, moment: number): Promise<void> {
    await this.nodes.update(node, { deleted_at: moment, modified_by: this.by, modified_at: timestamp(new Date(moment)) });
  }
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

function readable(bytes: number): string {
  const power = bytes > 0 ? Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0;
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${UNITS[power]}`;
}
