import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CHANGES_NOTHING } from '../../../access/need';
import * as z from 'zod';
import { type Action, authorize } from '../authorize';
import { queryOf, readJson, requiredQuery, windowOf } from '../body';
import { type BkContext } from '../context';
import { ok, page, pageFrom } from '../envelope';
import { principalOf } from '../principal';
import { problem } from '../problem';
import { entriesOf, merge, metadataEntry } from './metadata';
import {
  metadataOfVersion,
  type Package,
  Packages,
  packageSummary,
  packageVersion,
  type VersionOutline,
  type VersionRow,
} from './packages';
import { queryModel } from './query';
import { pageAmong, readableRepositories, resultPage } from './search';

const BASE = '/repository/api';

/** `/repository/api/package` and `/repository/api/version`: packages and their versions. */
export function packageApi(app: FastifyInstance, context: BkContext): void {
  packageRoutes(app, context);
  versionRoutes(app, context);
  versionMetadata(app, context);
}

function packageRoutes(app: FastifyInstance, context: BkContext): void {
  const packages = new Packages(context.store.metadata);

  app.get(`${BASE}/package/page/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'READ');
    const name = queryOf(request, 'packageName')?.toLowerCase() ?? '';
    const window = windowOf(request);
    const { pageNumber, pageSize: limit } = window;
    const { rows, total } = await packages.page(project, repo, { prefix: name, offset: (pageNumber - 1) * limit, limit });
    return ok(page(rows.map(packageSummary), window, total));
  });

  app.get(`${BASE}/package/info/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'READ');
    const found = await packages.find(project, repo, requiredQuery(request, 'packageKey'));
    return ok(found ? packageSummary(found) : null);
  });

  app.post(`${BASE}/package/search`, CHANGES_NOTHING, async (request) => {
    const model = await readJson(request, queryModel);
    const { project, repos } = await readableRepositories(context, { principal: principalOf(request), model });
    const all = async function* () {
      for (const repo of repos) for await (const batch of packages.scan(project, repo)) yield batch.map(packageSummary);
    };
    return ok(resultPage(await pageAmong(all, model), model));
  });

  app.delete(`${BASE}/package/delete/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'WRITE');
    await packages.remove(project, repo, requiredQuery(request, 'packageKey'));
    return ok();
  });
}

function versionRoutes(app: FastifyInstance, context: BkContext): void {
  const packages = new Packages(context.store.metadata);

  app.get(`${BASE}/version/page/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'READ');
    const window = windowOf(request);
    const key = requiredQuery(request, 'packageKey');
    const option = { version: queryOf(request, 'version'), stageTag: queryOf(request, 'stageTag') };
    const list = { ...option, property: queryOf(request, 'sortProperty'), direction: queryOf(request, 'direction') };
    const { property = NEWEST.property } = list;
    if (!Object.hasOwn(SORTED_BY, property)) {
      const { records, ...rest } = pageFrom(listed((await packages.find(project, repo, key))?.versions ?? [], list, shownText), window);
      return ok({ ...rest, records: records.map(packageVersion) });
    }
    const all = listed(await packages.outlines(project, repo, key), list, (row, by) => SORTED_BY[by]?.(row) ?? '');
    const { records, ...rest } = pageFrom(all, window);
    const names = records.map(({ name }) => name);
    return ok({ ...rest, records: (await packages.versionsNamed({ project, repo, key }, names)).map(packageVersion) });
  });

  app.post(`${BASE}/version/list/:project/:repo`, CHANGES_NOTHING, async (request) => {
    const { project, repo } = await admit(context, request, 'READ');
    const key = requiredQuery(request, 'packageKey');
    const length = Number(request.headers['content-length'] ?? 0);
    const body = length > 0 || request.headers['transfer-encoding'] ? await readJson(request, versionOption) : {};
    const found = await packages.find(project, repo, key);
    return ok(listed(found?.versions ?? [], { ...body, property: body.sortProperty }, shownText).map(packageVersion));
  });

  app.delete(`${BASE}/version/delete/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'WRITE');
    const found = await packages.find(project, repo, requiredQuery(request, 'packageKey'));
    if (found) await packages.removeVersion(found, requiredQuery(request, 'version'));
    return ok();
  });

  app.get<{ Params: { format: string } }>('/:format/ext/version/detail/:project/:repo', async (request) => {
    const { project, repo } = await admit(context, request, 'READ');
    const { row } = await existingVersion(packages, {
      project,
      repo,
      key: requiredQuery(request, 'packageKey'),
      version: requiredQuery(request, 'version'),
    });
    const { packageMetadata: metadata, ...version } = packageVersion(row);
    return ok({ basic: { ...version, version: row.name, fullPath: row.content_path }, metadata });
  });
}

function versionMetadata(app: FastifyInstance, context: BkContext): void {
  const packages = new Packages(context.store.metadata);

  app.post(`${BASE}/metadata/package/:project/:repo`, async (request) => {
    const { project, repo } = await admit(context, request, 'UPDATE');
    const { packageKey: key, version, versionMetadata: list } = await readJson(request, versionNotes);
    const entries = entriesOf({ nodeMetadata: list });
    if (entries.length === 0) return ok();
    const { found, row } = await existingVersion(packages, { project, repo, key, version });
    const metadata = merge(metadataOfVersion(row), entries);
    await packages.note(found, version, { metadata, by: principalOf(request).userId });
    return ok();
  });
}

async function existingVersion(
  packages: Packages,
  at: { project: string; repo: string; key: string; version: string },
): Promise<{ found: Package; row: VersionRow }> {
  const found = await packages.find(at.project, at.repo, at.key);
  if (!found) throw problem('PACKAGE_NOT_FOUND', `Package [${at.key}] not found`);
  const row = found.versions.find(({ name }) => name === at.version);
  if (!row) throw problem('VERSION_NOT_FOUND', `Version [${at.version}] not found`);
  return { found, row };
}

const versionNotes = z.object({ packageKey: z.string(), version: z.string(), versionMetadata: z.array(metadataEntry).nullish() });
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const versionOption = z
  .object({
    version: optionalText,
    stageTag: optionalText,
    sortProperty: optionalText,
    direction: optionalText,
  })
  .partial();

/** The order in which a package has its versions. */
const NEWEST = { property: 'createdDate', direction: 'DESC' };

interface VersionList {
  readonly version?: string | undefined;
  readonly stageTag?: string | undefined;
  readonly property?: string | undefined;
  readonly direction?: string | undefined;
}

/** What a version is sorted by that a page need not read whole: most lists are. */
const SORTED_BY: Readonly<Record<string, (row: VersionOutline) => string>> = {
  name: ({ name }) => name,
  createdBy: (row) => row.created_by,
  createdDate: (row) => row.created_at,
  lastModifiedBy: (row) => row.modified_by,
  lastModifiedDate: (row) => row.modified_at,
};

const shownText = (row: VersionRow, property: string): string => String(packageVersion(row)[property] ?? '');

/** The versions that a list asks for, in its order; `text` is what they are sorted by. They come with the newest first. */
function listed<T extends VersionOutline>(
  all: readonly T[],
  { version, stageTag, property = NEWEST.property, direction = NEWEST.direction }: VersionList,
  text: (row: T, property: string) => string,
): readonly T[] {
  const stages = stageTag?.split(',');
  const rows = all.filter((row) => {
    if (version && !row.name.startsWith(version)) return false;
    if (!stages) return true;
    const tags = JSON.parse(row.stages) as string[];
    return stages.every((stage) => tags.includes(stage));
  });
  const sign = direction.toUpperCase() === 'ASC' ? 1 : -1;
  if (property === NEWEST.property && sign < 0) return rows;
  const keyed = rows.map((row) => ({ row, key: text(row, property) }));
  return keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

async function admit(context: BkContext, request: FastifyRequest, action: Action): Promise<{ project: string; repo: string }> {
  const { project, repo } = request.params as { project: string; repo: string };
  await authorize(context, principalOf(request), { action, project, repository: repo });
  return { project, repo };
}
