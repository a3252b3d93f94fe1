import { Reader, type ReaderOptions } from '../../src/client/reader';
import type { Binding } from '../../src/schema/define/binding';
import type { ApiAnswer, ApiRequest } from '../../src/schema/define/client';
import { ApiError } from '../../src/schema/define/errors';
import type { JsonObject } from '../../src/schema/define/json';
import { ApiInMemory } from '../support/api-in-memory';
import { restBinding } from '../support/binding';

/** An API in memory that remembers its calls and lets a test hold or fail its lists. */
class Api extends ApiInMemory {
  readonly calls: string[] = [];
  readonly objects = new Map<string, JsonObject>();
  listing: () => Promise<void> = () => Promise.resolve();
  drop: string | undefined;

  constructor(...names: string[]) {
    super();
    for (const name of names) this.objects.set(name, { name, note: `of ${name}` });
  }

  async send({ method, path }: ApiRequest): Promise<ApiAnswer> {
    this.calls.push(`${method} ${path}`);
    if (path.split('/').length === 2) {
      const list = [...this.objects.values()].map((object) => ({ ...object, ...(this.drop && { [this.drop]: undefined }) }));
      await this.listing();
      return { status: 200, headers: {}, json: JSON.parse(JSON.stringify(list)) as unknown };
    }
    const object = this.objects.get(path.split('/')[2] ?? '');
    if (!object) throw new ApiError('not found', { code: 'not-found', apiCode: 404, method, url: path });
    return { status: 200, headers: {}, json: object };
  }
}

const things: Binding = restBinding({ path: '/things', listNames: ['items'] });
const others: Binding = restBinding({ path: '/others', listNames: ['items'] });
const setup = (names: string[], options: ReaderOptions = {}): { api: Api; reader: Reader } => {
  const api = new Api(...names);
  return { api, reader: new Reader(api, options) };
};
const readAll = (reader: Reader, names: string[], fields = ['name', 'note']): Promise<(JsonObject | undefined)[]> =>
  Promise.all(names.map((name) => reader.read(things, { key: [name] }, fields)));

describe('a reader', () => {
  it('gets the first object by itself and all others by one list, also when they are asked for at once', async () => {
    const { api, reader } = setup(['a', 'b', 'c', 'd']);
    expect(await readAll(reader, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'c', 'd'].map((name) => ({ name, note: `of ${name}` })));
    expect(api.calls).toEqual(['GET /things/a', 'GET /things']);
    await readAll(reader, ['a', 'b', 'c', 'd']);
    expect(api.calls).toHaveLength(2);
  });

  it('keeps scopes apart', async () => {
    const { api, reader } = setup(['a', 'b']);
    await readAll(reader, ['a']);
    await reader.read(others, { key: ['a'] });
    expect(api.calls).toEqual(['GET /things/a', 'GET /others/a']);
    await Promise.all([reader.read(things, { key: ['b'] }), reader.read(others, { key: ['b'] })]);
    expect(api.calls.slice(2)).toEqual(['GET /things', 'GET /others']);
  });

  it('asks again for what the list lacks before it is called gone', async () => {
    const { api, reader } = setup(['a', 'b']);
    expect(await readAll(reader, ['a', 'b', 'x'])).toEqual([expect.anything(), expect.anything(), undefined]);
    expect(api.calls).toEqual(['GET /things/a', 'GET /things', 'GET /things/x']);
  });

  it('finds an object that was made between the list and the look', async () => {
    const { api, reader } = setup(['a', 'b']);
    await readAll(reader, ['a', 'b']);
    api.objects.set('late', { name: 'late', note: '' });
    expect(await reader.read(things, { key: ['late'] })).toEqual({ name: 'late', note: '' });
  });

  it('gets an object by itself when the list lacks one of its fields', async () => {
    const { api, reader } = setup(['a', 'b']);
    api.drop = 'note';
    expect(await readAll(reader, ['a', 'b'])).toEqual([
      { name: 'a', note: 'of a' },
      { name: 'b', note: 'of b' },
    ]);
    expect(api.calls).toEqual(['GET /things/a', 'GET /things', 'GET /things/b']);
  });

  it('does not let a list answer for an object that was written since', async () => {
    const { api, reader } = setup(['a', 'b', 'c']);
    await readAll(reader, ['a', 'b']);
    await reader.writing(things, { key: ['b'] }, async () => void api.objects.set('b', { name: 'b', note: 'new' }));
    expect(await readAll(reader, ['b', 'c'])).toEqual([
      { name: 'b', note: 'new' },
      { name: 'c', note: 'of c' },
    ]);
    expect(api.calls.slice(2)).toEqual(['GET /things/b']);
  });

  it('does not let a list that is under way answer for an object that is written meanwhile', async () => {
    const { api, reader } = setup(['a', 'b']);
    await readAll(reader, ['a']);
    let release = (): void => {};
    api.listing = () => new Promise((resolve) => (release = resolve));
    const read = reader.read(things, { key: ['b'] }, ['name']);
    await reader.writing(things, { key: ['b'] }, async () => void api.objects.set('b', { name: 'b', note: 'new' }));
    release();
    expect(await read).toEqual({ name: 'b', note: 'new' });
  });

  it('falls back to single reads with one warning when the list fails', async () => {
    const failures: string[] = [];
    const { api, reader } = setup(['a', 'b', 'c'], { onListFailure: (scope, cause) => failures.push(`${scope}: ${String(cause)}`) });
    api.listing = () => Promise.reject(new Error('page 2 failed'));
    expect(await readAll(reader, ['a', 'b', 'c'])).toHaveLength(3);
    await readAll(reader, ['b']);
    expect(failures).toEqual(['/things: Error: page 2 failed']);
    expect(api.calls).toEqual(['GET /things/a', 'GET /things', 'GET /things/b', 'GET /things/c', 'GET /things/b']);
  });

  it('lists again when the list is too old, and after it was told to forget', async () => {
    let clock = 0;
    const { api, reader } = setup(['a', 'b'], { maxAge: 100, now: () => clock });
    await readAll(reader, ['a', 'b']);
    clock = 99;
    await readAll(reader, ['a']);
    expect(api.calls).toHaveLength(2);
    clock = 100;
    await readAll(reader, ['a']);
    reader.forget();
    await readAll(reader, ['b']);
    expect(api.calls.slice(2)).toEqual(['GET /things', 'GET /things']);
  });

  it('reads singly what cannot be listed', async () => {
    const { api, reader } = setup(['a', 'b']);
    const { list: _, ...single } = things;
    for (const name of ['a', 'b', 'a']) await reader.read(single, { key: [name] });
    expect(api.calls).toEqual(['GET /things/a', 'GET /things/b', 'GET /things/a']);
  });

  it('knows as gone what was deleted between the list and the look that confirms it', async () => {
    const { api, reader } = setup(['a', 'b']);
    api.drop = 'note';
    api.listing = async () => void api.objects.delete('b');
    expect(await readAll(reader, ['a', 'b'])).toEqual([{ name: 'a', note: 'of a' }, undefined]);
    expect(api.calls).toEqual(['GET /things/a', 'GET /things', 'GET /things/b']);
  });

  it('asks lists that are partial nothing, not even whether an object is gone', async () => {
    const { api, reader } = setup(['a', 'b']);
    const partial: Binding = { ...things, ...(things.list && { list: { ...things.list, partial: true } }) };
    for (const name of ['a', 'b', 'a']) await reader.read(partial, { key: [name] });
    expect(api.calls).toEqual(['GET /things/a', 'GET /things/b', 'GET /things/a']);
    const send = api.send.bind(api);
    // A gateway that knows no path of the API but the one of the list.
    api.send = async (request) => {
      if (request.path === '/things') return send(request);
      throw new ApiError('no route', { code: 'not-found', method: request.method, url: request.path });
    };
    await expect(reader.single(partial, { key: ['b'] })).rejects.toThrow();
    expect(api.calls).not.toContain('GET /things');
  });

  it('reads singly when a list may have no age', async () => {
    const { api, reader } = setup(['a', 'b'], { maxAge: 0 });
    await readAll(reader, ['a', 'b', 'a']);
    expect(await reader.findListed(things, { key: ['b'] })).toEqual({ name: 'b', note: 'of b' });
    expect(api.calls).toEqual(['GET /things/a', 'GET /things/b', 'GET /things/a', 'GET /things/b']);
  });

  it('lets a list answer that was taken before a write to another object', async () => {
    const { api, reader } = setup(['a', 'b', 'c']);
    await readAll(reader, ['a', 'b']);
    await reader.writing(things, { key: ['b'] }, () => Promise.resolve());
    await readAll(reader, ['c', 'a']);
    expect(api.calls).toEqual(['GET /things/a', 'GET /things']);
  });

  it('lists anew for those who ask for a whole list, after each write and only then', async () => {
    const { api, reader } = setup(['a', 'b']);
    for (const _ of [1, 2]) await reader.list(things);
    expect(api.calls).toEqual(['GET /things']);
    await reader.writing(things, { key: ['b'] }, async () => void api.objects.delete('b'));
    for (const _ of [1, 2]) expect(await reader.list(things)).toEqual([{ name: 'a', note: 'of a' }]);
    expect(api.calls).toEqual(['GET /things', 'GET /things']);
  });

  it('confirms what an object names and the list lacks, and asks nothing more for what the list has', async () => {
    const { api, reader } = setup(['a']);
    api.listing = async () => void api.objects.set('hidden', { name: 'hidden', note: '' });
    expect(await Promise.all(['a', 'hidden', 'x'].map((name) => reader.findConfirmed(things, { key: [name] })))).toEqual([
      { name: 'a', note: 'of a' },
      { name: 'hidden', note: '' },
      undefined,
    ]);
    expect(api.calls).toEqual(['GET /things', 'GET /things/hidden', 'GET /things/x']);
  });

  it('asks one list whether many names are taken', async () => {
    const { api, reader } = setup(['a']);
    expect(await Promise.all(['a', 'x', 'y'].map((name) => reader.findListed(things, { key: [name] })))).toEqual([
      { name: 'a', note: 'of a' },
      undefined,
      undefined,
    ]);
    expect(api.calls).toEqual(['GET /things']);
  });

  it('writes to one key in order', async () => {
    const { reader } = setup(['a']);
    const order: string[] = [];
    const slow = reader.writing(things, { key: ['a'] }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('first');
    });
    const fast = reader.writing(things, { key: ['a'] }, async () => void order.push('second'));
    await Promise.all([slow, fast]);
    expect(order).toEqual(['first', 'second']);
  });
});
