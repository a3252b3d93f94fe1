import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Store } from '../../../../src/registry/store/store';
import { type Tables } from '../../../../src/registry/store/tables';

const AT_ONCE = 1000;
const FILES_AT_ONCE = 64;

/** The repositories that are filled, by what they hold. */
export const NAMES = { cached: 'many', local: 'own', npm: 'packages', images: 'images', bkrepo: 'generic-local', bkrepoNpm: 'npm-local' };
/** Packages, and tags of an image, are fewer than files. */
export const SHARE = 10;

/** Adds so many blobs, whose content is their number; `folder` gets the content as well. */
export async function fillBlobs(
  store: Store,
  { count, from = 0, folder }: { count: number; from?: number; folder?: string },
): Promise<void> {
  const created_at = new Date().toISOString();
  for (let start = from; start < from + count; start += AT_ONCE) {
    const contents = Array.from({ length: Math.min(AT_ONCE, from + count - start) }, (_, index) => String(start + index));
    const rows = contents.map((content) => ({ hash: sha256(content), size: content.length, created_at }));
    if (folder !== undefined) await writeFiles(folder, contents);
    await store.metadata.transaction((inside) => inside.tables<Tables>().insertInto('blobs').values(rows).execute());
  }
}

async function writeFiles(folder: string, contents: readonly string[]): Promise<void> {
  const rest = contents.map((content) => ({ content, hash: sha256(content) }));
  const folders = new Set(rest.map(({ hash }) => join(folder, 'blobs/sha256', hash.slice(0, 2))));
  for (const each of folders) await mkdir(each, { recursive: true });
  const write = async () => {
    for (let next = rest.pop(); next; next = rest.pop())
      await writeFile(join(folder, 'blobs/sha256', next.hash.slice(0, 2), next.hash), next.content);
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, write));
}

/**
 * Lets every list have one entry for each blob, or for each tenth: cached objects, files, nodes, packages, tags. `settle` lets the engine learn
 * what it has: without that PostgreSQL may look for the package of each version among all packages.
 */
export async function fillLists(store: Store, settle: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const now = new Date().toISOString();
  const bkNow = now.slice(0, -1);
  const numbered = sql`(select hash, size, row_number() over (order by hash) as n from blobs) as numbered`;
  const some = sql`${numbered} where n % ${sql.lit(SHARE)} = 0`;
  const summary = sql`'{"name":"package-' || n || '","version":"1.0.0","description":"Of the bench","keywords":[],"date":"${sql.raw(now)}","links":{}}'`;
  const steps = [
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
    sql`insert into file_revisions (repo, revision, bytes) select repo, 1, count(*) from local_files group by repo`,
    sql`insert into bkrepo_nodes (id, hash, project, repo, full_path, parent, name, md5, crc64ecma, metadata, created_by, created_at, modified_by,
        modified_at, accessed_at, folder, size, expires_at, deleted_at)
      select substr(hash, 33) || substr(hash, 1, 32), hash, 'blueking', 'generic-local', '/' || hash, '/', hash, '', '', '[]', 'admin', ${bkNow},
        'admin', '2026-01-' || substr(cast(n * 7919 % 1000003 + 1000000 as text), 2), ${bkNow}, 0, size, 0, 0 from ${numbered}`,
    sql`insert into bkrepo_packages (project, repo, key, id, name, type, description, created_by, created_at, modified_by, modified_at)
      select 'blueking', 'npm-local', 'npm://package-' || n, hash, 'package-' || n, 'NPM', null, 'admin', ${bkNow}, 'admin', ${bkNow} from ${some}`,
    sql`insert into bkrepo_package_versions (project, repo, package_key, name, size, stages, metadata, tags, content_path, manifest_path,
        created_by, created_at, modified_by, modified_at)
      select 'blueking', 'npm-local', 'npm://package-' || n, '1.0.0', 1, '[]', '[]', '[]', null, null, 'admin', ${bkNow}, 'admin', ${bkNow}
      from ${some}`,
  ];
  for (const step of steps) {
    if (step === steps.at(-1)) await settle();
    await store.metadata.transaction((inside) => step.execute(inside.tables()));
  }
}

/** Lets a local repository have each blob as so many files, and BK-Repo a version of a package for each blob. */
export async function fillFiles(store: Store, copies: number): Promise<void> {
  const now = new Date().toISOString();
  const bkNow = now.slice(0, -1);
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
