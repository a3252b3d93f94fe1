import type { Emulation, Fields, Reply } from './emulation';

const base = /^\/repository\/api\/(repo\/(?:create|list|info|update|delete)|node\/search)(?:\/([^/]+))?(?:\/([^/]+))?$/;
const at = '2026-01-01T00:00:00.000';

/** The part of BK-Repo that repositories without files need. */
export class EmulatedBkrepo implements Emulation {
  private readonly repositories = new Map<string, Fields>();

  get size(): number {
    return this.repositories.size;
  }

  forget(): void {
    this.repositories.clear();
  }

  routeOf(path: string): string | undefined {
    const [, what, project, name] = base.exec(path) ?? [];
    return what && `/${what}${project === undefined ? '' : '/{project}'}${name === undefined ? '' : '/{name}'}`;
  }

  answer(_method: string, path: string, body: Fields): Reply {
    const [, what, project = '', name = ''] = (base.exec(path) ?? []).map((part) => part && decodeURIComponent(part));
    if (what === 'node/search') return ok({ pageNumber: 1, pageSize: 1000, totalRecords: 0, totalPages: 0, records: [] });
    if (what === 'repo/list') return ok([...this.repositories.values()].filter(({ projectId }) => projectId === project));
    if (what === 'repo/create') return this.create(body);
    const key = `${project}/${name}`;
    const found = this.repositories.get(key);
    if (!found) return failure(404, 251006, `Repository [${key}] not found`);
    if (what === 'repo/info') return ok(found);
    if (what === 'repo/delete') this.repositories.delete(key);
    else this.repositories.set(key, { ...found, ...body });
    return ok(null);
  }

  /** What it answers lacks fields that lists and reads have. */
  private create(body: Fields): Reply {
    const key = `${String(body.projectId)}/${String(body.name)}`;
    if (this.repositories.has(key)) return failure(400, 251007, `Repository [${key}] existed`);
    const made = complete(body, String(this.repositories.size + 1).padStart(24, '0'));
    this.repositories.set(key, made);
    const { id: _id, display: _display, storageCredentialsKey: _key, ...detail } = made;
    return ok({ ...detail, storageCredentials: null, oldCredentialsKey: null });
  }
}

const ok = (data: unknown): Reply => [200, { code: 0, message: null, data, traceId: '' }];
const failure = (status: number, code: number, message: string): Reply => [status, { code, message, data: null, traceId: '' }];

const complete = (body: Fields, id: string): Fields => ({
  description: '',
  displayName: '',
  display: true,
  visibility: 'PROJECT',
  owner: null,
  storageCredentialsKey: null,
  quota: null,
  used: 0,
  createdBy: 'admin',
  createdDate: at,
  lastModifiedBy: 'admin',
  lastModifiedDate: at,
  ...body,
  id,
});
