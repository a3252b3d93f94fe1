import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { type Kysely, type Selectable } from 'kysely';
import { type BkArtifactTables, type BkPackageTable, type BkPackageVersionTable } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { Cut, type PageOf, walkTo, type Window } from '../../../store/pages';
import { timestamp } from '../tables';
import { fromMap, type NodeMetadata, toMap } from './metadata';

/** A row of the versions' table. */
export type VersionRow = Selectable<BkPackageVersionTable>;

/** A version that a package format has received. */
export interface NewVersion {
  readonly project: string;
  readonly repo: string;
  /** With its scheme: `npm://left-pad`. */
  readonly packageKey: string;
  readonly packageName: string;
  /** In capitals: `NPM`. */
  readonly packageType: string;
  readonly packageDescription?: string;
  readonly version: string;
  readonly size: number;
  readonly stages?: readonly string[];
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly contentPath?: string;
  readonly manifestPath?: string;
  readonly by: string;
}

/** A package with its versions, the newest first. */
export interface Package extends Selectable<BkPackageTable> {
  readonly versions: readonly VersionRow[];
}

const OUTLINE = ['name', 'stages', 'created_by', 'created_at', 'modified_by', 'modified_at'] as const;
/** The part of a version that lists go by. */
export type VersionOutline = Pick<VersionRow, (typeof OUTLINE)[number]>;

/** How many packages are read by one statement where all are looked at. */
const BATCH = 500;

/** The packages of repositories and their versions. */
export class Packages {
  readonly #db: Kysely<BkArtifactTables>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** Adds a version, and its package when that is new; a version that is there is replaced. */
  put(version: NewVersion): Promise<void> {
    return this.metadata.transaction((inside) => new Packages(inside).#put(version));
  }

  /** One page of the packages of a repository, by name; of those whose names begin with a text in small letters, if one is given. */
  async page(project: string, repo: string, { prefix, ...window }: Window & { readonly prefix: string }): Promise<PageOf<Package>> {
    if (prefix !== '') {
      const cut = new Cut<Selectable<BkPackageTable>>(window);
      for await (const rows of this.#rows(project, repo))
        for (const row of rows) if (row.name.toLowerCase().startsWith(prefix)) cut.add(row);
      return { rows: await this.#withVersions(cut.rows), total: cut.total };
    }
    const all = this.#in(project, repo);
    const total = await this.count(project, repo);
    const walk = walkTo(window, total);
    if (!walk) return { rows: [], total };
    const keys = all.select(['name', 'key']).orderBy('name', walk.order).orderBy('key', walk.order);
    const first = await keys.offset(walk.steps).limit(1).executeTakeFirst();
    if (!first) return { rows: [], total };
    const page = all.where(({ eb, refTuple, tuple }) => eb(refTuple('name', 'key'), '>=', tuple(first.name, first.key)));
    const rows = await page.selectAll().orderBy('name').orderBy('key').limit(window.limit).execute();
    return { rows: await this.#withVersions(rows), total };
  }

  /** Every package of a repository, by name, some at a time. */
  async *scan(project: string, repo: string): AsyncGenerator<readonly Package[], void> {
    for await (const rows of this.#rows(project, repo)) yield this.#withVersions(rows);
  }

  async *#rows(project: string, repo: string): AsyncGenerator<readonly Selectable<BkPackageTable>[], void> {
    for (let after = { name: '', key: '' }; ;) {
      const { name, key } = after;
      const rest = this.#in(project, repo).where(({ eb, refTuple, tuple }) => eb(refTuple('name', 'key'), '>', tuple(name, key)));
      const rows = await rest.selectAll().orderBy('name').orderBy('key').limit(BATCH).execute();
      const last = rows.at(-1);
      if (!last) return;
      after = last;
      yield rows;
      await breathe();
    }
  }

  /** Packages of one repository with their versions. */
  async #withVersions(rows: readonly Selectable<BkPackageTable>[]): Promise<Package[]> {
    const byKey = new Map<string, VersionRow[]>(rows.map(({ key }) => [key, []]));
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      const [{ project, repo } = { project: '', repo: '' }] = some;
      const keys = some.map(({ key }) => key);
      const versions = await this.#versions(project, repo).where('package_key', 'in', keys).execute();
      for (const version of versions) byKey.get(version.package_key)?.push(toNumbers(version));
    }
    return rows.map((row) => ({ ...row, versions: byKey.get(row.key) ?? [] }));
  }

  /** One package. */
  async find(project: string, repo: string, key: string): Promise<Package | undefined> {
    const row = await this.#in(project, repo).selectAll().where('key', '=', key).executeTakeFirst();
    if (!row) return undefined;
    const versions = await this.#versions(project, repo).where('package_key', '=', key).execute();
    return { ...row, versions: versions.map(toNumbers) };
  }

  /** What the versions of a package are sorted and selected by, the newest first: a part of each row, as there can be very many. */
  outlines(project: string, repo: string, key: string): Promise<VersionOutline[]> {
    return this.#versions(project, repo).where('package_key', '=', key).clearSelect().select(OUTLINE).execute();
  }

  /** Some versions of a package, in the order of their names in a list. */
  async versionsNamed({ project, repo, key }: Pick<Package, 'project' | 'repo' | 'key'>, names: readonly string[]): Promise<VersionRow[]> {
    const found = new Map<string, VersionRow>();
    for (let from = 0; from < names.length; from += BATCH) {
      const some = this.#versions(project, repo)
        .where('package_key', '=', key)
        .where('name', 'in', names.slice(from, from + BATCH));
      for (const row of await some.execute()) found.set(row.name, toNumbers(row));
    }
    return names.flatMap((name) => found.get(name) ?? []);
  }

  /** How many packages a repository has. */
  async count(project: string, repo: string): Promise<number> {
    const query = this.#in(project, repo).select(({ fn }) => fn.countAll<number>().as('n'));
    return Number((await query.executeTakeFirstOrThrow()).n);
  }

  /** Removes a package with its versions. */
  async remove(project: string, repo: string, key: string): Promise<void> {
    await this.#db.deleteFrom('bkrepo_packages').where('project', '=', project).where('repo', '=', repo).where('key', '=', key).execute();
  }

  /** Removes a version, and with its last version the package. */
  async removeVersion(found: Package, version: string): Promise<void> {
    const { project, repo, key, versions } = found;
    if (versions.every(({ name }) => name === version)) return this.remove(project, repo, key);
    const query = this.#db.deleteFrom('bkrepo_package_versions').where('project', '=', project).where('repo', '=', repo);
    await query.where('package_key', '=', key).where('name', '=', version).execute();
  }

  /** Notes something on a version in place of what was noted before. */
  async note(found: Package, version: string, noted: { metadata: readonly NodeMetadata[]; by: string }): Promise<void> {
    const changes = { metadata: JSON.stringify(noted.metadata), modified_by: noted.by, modified_at: timestamp() };
    const query = this.#db.updateTable('bkrepo_package_versions').set(changes).where('project', '=', found.project);
    await query.where('repo', '=', found.repo).where('package_key', '=', found.key).where('name', '=', version).execute();
  }

  /** Forgets every package of a repository. */
  async forget(project: string, repo: string): Promise<void> {
    await this.#db.deleteFrom('bkrepo_packages').where('project', '=', project).where('repo', '=', repo).execute();
  }

  async #put(version: NewVersion): Promise<void> {
    const { project, repo, packageKey: key, by } = version;
    const now = timestamp();
    const signed = { created_by: by, created_at: now, modified_by: by, modified_at: now };
    const named = { name: version.packageName, type: version.packageType, description: version.packageDescription ?? null };
    await this.#db
      .insertInto('bkrepo_packages')
      .values({ project, repo, key, id: randomUUID().replaceAll('-', ''), ...named, ...signed })
      .onConflict((c) => c.columns(['project', 'repo', 'key']).doUpdateSet({ ...named, modified_by: by, modified_at: now }))
      .execute();
    const content = contentOf(version);
    await this.#db
      .insertInto('bkrepo_package_versions')
      .values({ project, repo, package_key: key, name: version.version, ...content, ...signed })
      .onConflict((c) =>
        c.columns(['project', 'repo', 'package_key', 'name']).doUpdateSet({ ...content, modified_by: by, modified_at: now }),
      )
      .execute();
  }

  #in(project: string, repo: string) {
    return this.#db.selectFrom('bkrepo_packages').where('project', '=', project).where('repo', '=', repo);
  }

  #versions(project: string, repo: string) {
    const query = this.#db.selectFrom('bkrepo_package_versions').selectAll().where('project', '=', project).where('repo', '=', repo);
    return query.orderBy('created_at', 'desc').orderBy('name', 'desc');
  }
}

/** What a client sees of a package. */
export function packageSummary(found: Package): Record<string, unknown> {
  const { versions } = found;
  return {
    id: found.id,
    createdBy: found.created_by,
    createdDate: found.created_at,
    lastModifiedBy: found.modified_by,
    lastModifiedDate: found.modified_at,
    projectId: found.project,
    repoName: found.repo,
    name: found.name,
    key: found.key,
    type: found.type,
    latest: versions[0]?.name ?? '',
    downloads: 0,
    versions: versions.length,
    description: found.description,
    versionTag: Object.fromEntries(versions.flatMap(({ tags, name }) => (JSON.parse(tags) as string[]).map((tag) => [tag, name]))),
    extension: {},
    historyVersion: versions.map(({ name }) => name),
  };
}

/** What a client sees of a version. */
export function packageVersion(row: VersionRow): Record<string, unknown> {
  const packageMetadata = metadataOfVersion(row);
  return {
    createdBy: row.created_by,
    createdDate: row.created_at,
    lastModifiedBy: row.modified_by,
    lastModifiedDate: row.modified_at,
    name: row.name,
    size: row.size,
    downloads: 0,
    stageTag: JSON.parse(row.stages) as string[],
    metadata: toMap(packageMetadata),
    packageMetadata,
    tags: JSON.parse(row.tags) as string[],
    extension: {},
    contentPath: row.content_path,
    contentPaths: row.content_path === null ? null : [row.content_path],
    manifestPath: row.manifest_path,
    clusterNames: null,
    federatedSource: null,
  };
}

/** What is noted on a version. */
export function metadataOfVersion(row: VersionRow): NodeMetadata[] {
  return JSON.parse(row.metadata) as NodeMetadata[];
}

function contentOf(version: NewVersion) {
  return {
    size: version.size,
    stages: JSON.stringify(version.stages ?? []),
    tags: JSON.stringify(version.tags ?? []),
    metadata: JSON.stringify(fromMap(version.metadata ?? {})),
    content_path: version.contentPath ?? null,
    manifest_path: version.manifestPath ?? null,
  };
}

function toNumbers(row: VersionRow): VersionRow {
  return typeof row.size === 'number' ? row : { ...row, size: Number(row.size) };
}
