import type { Answer, Reply } from './http-server';

type Fields = Record<string, unknown>;

/** A plain REST API that keeps objects by name in memory, as a simple server does. */
export class MemoryApi {
  readonly objects = new Map<string, Fields>();

  /** @param base the collection's path */
  constructor(readonly base: string) {}

  /** Answers requests below the base path; all else is a 404. */
  readonly answer: Answer = (got) => {
    const [path = ''] = got.path.split('?');
    if (path === this.base)
      return got.method === 'GET' ? { status: 200, body: [...this.objects.values()] } : this.create(got.json as Fields);
    if (!path.startsWith(`${this.base}/`)) return { status: 404, text: 'no such route' };
    return this.one(got.method, decodeURIComponent(path.slice(this.base.length + 1)), got.json as Fields);
  };

  private create(body: Fields): Reply {
    const name = String(body['name']);
    if (this.objects.has(name)) return { status: 409, text: `${name} exists` };
    this.objects.set(name, { ...body });
    return { status: 201, body: this.objects.get(name) };
  }

  private one(method: string, name: string, body: Fields): Reply {
    const object = this.objects.get(name);
    if (!object) return { status: 404, text: `no ${name}` };
    if (method === 'DELETE') {
      this.objects.delete(name);
      return { status: 204 };
    }
    if (method === 'PUT') this.objects.set(name, { ...object, ...body, name });
    return { status: 200, body: this.objects.get(name) };
  }
}
