import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type ObjectTables } from '../../../../src/registry/store/s3/object-index';
import { type Store } from '../../../../src/registry/store/store';

const AT_ONCE = 5000;
const PLACED_AT_ONCE = 64;

/** The repositories that are filled, by what they hold. */
export const NAMES = {
  cached: 'many',
  local: 'own',
  npm: 'packages',
  images: 'images',
  modules: 'modules',
  charts: 'charts',
  bkrepo: 'generic-local',
  bkrepoNpm: 'npm-local',
  bkrepoVersions: 'pypi-local',
};
/** Packages, the versions of one, and tags of an image are fewer than files; modules and charts are fewer still. */
export const SHARE = 10;
/** The package that has many versions. */
export const PACKAGE = 'pypi://many';
/** How many entries the audit log has at most, as many as are kept. */
export const ENTRIES = 100_000;

/** Writes the bytes of a blob; the answer is the place that they have under its hash. */
export type Placing = (content: string, hash: string) => Promise<string>;

/** Adds so many blobs, whose content is their number; without `place` they have no bytes. */
export async function fillBlobs(
  store: Store,
  { count, from = 0, place }: { count: number; from?: number; place?: Placing },
): Promise<void> {
  const created_at = new Date().toISOString();
  for (let start = from; start < from + count; start += AT_ONCE) {
    const contents = Array.from({ length: Math.min(AT_ONCE, from + count - start) }, (_, index) => String(start + index));
    const places = place ? await placed(contents, place) : new Map<string, string>();
    const rows = contents.map((content) => ({
      ...{ hash: sha256(content), size: content.length, created_at },
      place: places.get(content) ?? '',
    }));
    await store.metadata.transaction((inside) => inside.tables<ObjectTables>().insertInto('blobs').values(rows).execute());
  }
}

async function placed(contents: readonly string[], place: Placing): Promise<ReadonlyMap<string, string>> {
  const rest = [...contents];
  const places = new Map<string, string>();
  const work = async () => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) places.set(next, await place(next, sha256(next)));
  };
  await Promise.all(Array.from({ length: PLACED_AT_ONCE }, work));
  return places;
}

/**
 * Lets every list have one entry for each blob, or for each tenth: cached objects, files, nodes, packages, versions, tags. `settle` lets the
 * engine learn what it has: without that PostgreSQL may look for the package of each version among all packages.
 */
export async function fillLists(store: Store, settle: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const steps = [...fileSteps(), ...bkrepoSteps()];
  for (const step of [...steps, settle, ...versionSteps()])
    await (typeof step === 'function' ? step() : store.metadata.transaction((inside) => step.execute(inside.tables())));
}

const numbered = sql`(select hash, size, row_number() over (order by hash) as n from blobs) as numbered`;
const some = sql`${numbered} where n % ${sql.lit(SHARE)} = 0`;
const fewer = sql`${numbered} where n % ${sql.lit(SHARE * SHARE)} = 0`;
/** A time of its own for each `n`, in no order. */
const spread = sql`'2026-01-' || substr(cast(n * 7919 % 1000003 + 1000000 as text), 2)`;
const now = new Date().toISOString();
const bkNow = now.slice(0, -1);

function fileSteps() {
  const release = releaseOf(SHARE);
  const summary = sql`'{"name":"package-' || n || '","version":"1.0.0","description":"Of the bench","keywords":[],"date":"${sql.raw(now)}","links":{}}'`;
  return [
    sql`insert into artifacts (remote, path, variant, hash, size, content_type, content_encoding, etag, last_modified, tag, status, url, headers,
        created_at, validated_at, accessed_at, access_count, fetch_count, bytes_served)
      select 'many', 'folder/' || substr(hash, 1, 2) || '/' || hash || '.tgz', '', hash, size, 'text/plain', '', '"x"', '', '"x"', 200, '', '{}',
        ${now}, ${now}, ${now}, n * 7919 % 1000003, 1, n * 7907 % 1000003 from ${numbered}`,
    sql`insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'own', hash || '.bin', hash, 'application/octet-stream', '', ${now} from ${numbered}`,
    sql`insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'packages', '.npm/package-' || n || '/package.json', hash, 'application/json', ${summary}, ${now} from ${some}`,
    sql`insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'images', 'app/tags/v' || n, hash, 'application/vnd.oci.image.manifest.v1+json', '', ${now} from ${some}`,
    sql`insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'modules', 'v3/files/acme-module' || ${release.module} || '-1.' || ${release.version} || '.0.tar.gz', hash, 'application/gzip',
        ${release.notes}, ${now} from ${some}`,
    sql`insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'charts', 'chart-' || n || '-1.0.0.tgz', hash, 'application/gzip', '{"name":"chart-' || n || '","version":"1.0.0"}', ${now}
      from ${fewer}`,
    sql`insert into file_revisions (repo, revision, bytes) select repo, 1, count(*) from local_files group by repo`,
  ];
}

function bkrepoSteps() {
  return [
    sql`insert into bkrepo_nodes (id, hash, project, repo, full_path, parent, name, md5, crc64ecma, metadata, created_by, created_at, modified_by,
        modified_at, accessed_at, folder, size, expires_at, deleted_at)
      select substr(hash, 33) || substr(hash, 1, 32), hash, 'blueking', 'generic-local', '/' || hash, '/', hash, '', '', '[]', 'admin', ${bkNow},
        'admin', ${spread}, ${bkNow}, 0, size, 0, 0 from ${numbered}`,
    sql`insert into bkrepo_packages (project, repo, key, id, name, type, description, created_by, created_at, modified_by, modified_at)
      select 'blueking', 'npm-local', 'npm://package-' || n, hash, 'package-' || n, 'NPM', null, 'admin', ${bkNow}, 'admin', ${bkNow} from ${some}`,
    sql`insert into bkrepo_packages (project, repo, key, id, name, type, description, created_by, created_at, modified_by, modified_at)
      values ('blueking', 'pypi-local', ${sql.lit(PACKAGE)}, 'many', 'many', 'PYPI', null, 'admin', ${bkNow}, 'admin', ${bkNow})`,
    sql`insert into access_audit (id, at, backend, who, address, method, path, action, repository, status)
      select hash, ${now}, 'artifactapi', 'anonymous', '127.0.0.1', 'PUT', '/api/v2/remotes/own/files/' || n, 'write', 'own', 201
      from ${some} and n <= ${sql.lit(ENTRIES * SHARE)}`,
  ];
}

function versionSteps() {
  return [
    sql`insert into bkrepo_package_versions (project, repo, package_key, name, size, stages, metadata, tags, content_path, manifest_path,
        created_by, created_at, modified_by, modified_at)
      select 'blueking', 'pypi-local', ${sql.lit(PACKAGE)}, '1.' || n || '.0', 1, '[]', '[]', '[]', null, null, 'admin',
        ${spread}, 'admin', ${bkNow} from ${some}`,
    sql`insert into bkrepo_package_versions (project, repo, package_key, name, size, stages, metadata, tags, content_path, manifest_path,
        created_by, created_at, modified_by, modified_at)
      select 'blueking', 'npm-local', 'npm://package-' || n, '1.0.0', 1, '[]', '[]', '[]', null, null, 'admin', ${bkNow}, 'admin', ${bkNow}
      from ${some}`,
  ];
}

/** What the release of a module is called: each module has so many of those whose `n` it divides. */
function releaseOf(versions: number) {
  const index = sql`(n / ${sql.lit(SHARE)})`;
  const [module, version] = [sql`(${index} / ${sql.lit(versions)})`, sql`(${index} % ${sql.lit(versions)})`];
  const metadata = sql`'{"name":"acme-module' || ${module} || '","version":"1.' || ${version} || '.0","summary":"Of the bench","dependencies":[]}'`;
  return { module, version, notes: sql`'{"md5":"' || substr(hash, 1, 32) || '","metadata":' || ${metadata} || '}'` };
}

/** Lets a local repository have each blob as so many files, and BK-Repo a version of a package for each blob. */
export async function fillFiles(store: Store, copies: number): Promise<void> {
  const signed = sql`'admin', ${bkNow}, 'admin', ${bkNow}`;
  const steps = [
    sql`with recursive copies (n) as (select 1 union all select n + 1 from copies where n < ${sql.lit(copies)})
      insert into local_files (repo, path, hash, content_type, metadata, created_at)
      select 'own', hash || '-' || n || '.bin', hash, 'application/octet-stream', '', ${now} from blobs, copies`,
    sql`insert into file_revisions (repo, revision, bytes) select 'own', 1, ${sql.lit(copies)} * sum(size) from blobs`,
    sql`insert into bkrepo_packages (project, repo, key, id, name, type, description, created_by, created_at, modified_by, modified_at)
      select 'blueking', 'npm-local', 'npm://' || hash, hash, hash, 'NPM', null, ${signed} from blobs`,
  ];
  for (const step of steps) await step.execute(store.metadata.tables());
  await sql`insert into bkrepo_package_versions (project, repo, package_key, name, size, stages, metadata, tags, content_path, manifest_path,
      created_by, created_at, modified_by, modified_at)
    select 'blueking', 'npm-local', 'npm://' || hash, '1.0.0', 1, '[]', '[]', '[]', null, null, ${signed} from blobs`.execute(
    store.metadata.tables(),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
