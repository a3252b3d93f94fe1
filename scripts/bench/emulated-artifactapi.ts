import type { Emulation, Fields, Reply } from './emulation';

const routes = /^\/api\/v2\/(remotes|virtuals)(?:\/([^/]+))?$/;
const constant: Readonly<Record<string, Reply>> = {
  '/version': [200, { name: 'artifactapi', version: 'v3.7.6' }],
  '/health': [200, { status: 'ok' }],
};

/** The part of ArtifactAPI that remotes and virtuals need. */
export class EmulatedArtifactapi implements Emulation {
  private readonly collections = { remotes: new Map<string, Fields>(), virtuals: new Map<string, Fields>() };

  get size(): number {
    return this.collections.remotes.size + this.collections.virtuals.size;
  }

  forget(): void {
    for (const objects of Object.values(this.collections)) objects.clear();
  }

  routeOf(path: string): string | undefined {
    const [, collection, name] = routes.exec(path) ?? [];
    if (collection) return `/${collection}${name === undefined ? '' : '/{name}'}`;
    return path in constant ? path : undefined;
  }

  answer(method: string, path: string, fields: Fields): Reply {
    const [, collection, name] = routes.exec(path) ?? [];
    if (!collection) return constant[path] ?? [404, 'not found'];
    const objects = this.collections[collection as 'remotes' | 'virtuals'];
    return name === undefined
      ? onCollection(objects, method, fields)
      : onObject(objects, method, { ...fields, name: decodeURIComponent(name) });
  }
}

function onCollection(objects: Map<string, Fields>, method: string, fields: Fields): Reply {
  if (method === 'GET') return [200, [...objects.values()]];
  if (method !== 'POST') return [405, 'method not allowed'];
  const name = String(fields.name ?? '');
  if (name === '') return [400, 'a name is required'];
  if (objects.has(name)) return [409, `${name} exists`];
  objects.set(name, complete(fields));
  return [201, objects.get(name)];
}

function onObject(objects: Map<string, Fields>, method: string, fields: Fields & { readonly name: string }): Reply {
  if (!objects.has(fields.name)) return [404, 'not found'];
  if (method === 'DELETE') objects.delete(fields.name);
  if (method === 'PUT') objects.set(fields.name, complete(fields));
  return method === 'DELETE' ? [204] : [200, objects.get(fields.name)];
}

/** A server answers every field that it knows, also those that the client left out. */
function complete(fields: Fields): Fields {
  if ('members' in fields) return { description: '', ...fields };
  const lists = { patterns: [], blocklist: [], mutable_patterns: [], immutable_patterns: [] };
  return { repo_type: 'remote', description: '', username: '', immutable_ttl: 0, mutable_ttl: 3600, ...lists, ...fields };
}
