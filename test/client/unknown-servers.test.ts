import { type ApiAnswer, type ApiClient, type ApiRequest } from '../../src/schema/define/binding';
import { restBinding } from '../support/binding';

const thing = { name: 'a', note: 'n' };
const things = restBinding({ path: '/things', listNames: ['items', 'data', 'things'], constants: { kind: 'x' } });

/** A client whose answers a function gives. */
function clientOf(answer: (request: ApiRequest) => unknown, status = 200): { client: ApiClient; calls: ApiRequest[] } {
  const calls: ApiRequest[] = [];
  const send = (request: ApiRequest): Promise<ApiAnswer> => {
    calls.push(request);
    return Promise.resolve({ status, json: answer(request) } as ApiAnswer);
  };
  return { client: { endpoint: 'http://api', send } as ApiClient, calls };
}
const write = { key: ['a'], body: { name: 'a', note: 'n' }, values: {} };

describe('an object', () => {
  it.each<[string, unknown]>([
    ['bare', thing],
    ['in data', { data: thing }],
    ['in data, with more around it', { data: thing, meta: {} }],
  ])('is read when it is %s', async (_, json) => expect(await things.read(clientOf(() => json).client, ['a'])).toEqual(thing));

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'not JSON'],
    ['null', null, 'null'],
    ['a list', [thing], 'a list'],
    ['a text', 'ok', 'a string'],
    ['empty', {}, 'an object with no fields'],
  ])('is neither there nor gone when the answer is %s', async (_, json, shown) => {
    await expect(things.read(clientOf(() => json).client, ['a'])).rejects.toThrow(
      `the answer to GET /things/a should be a JSON object but is ${shown}`,
    );
  });
});

describe.each([200, 201, 202, 204])('a write that is answered %i', (status) => {
  it.each<[string, unknown, unknown]>([
    ['with the object', thing, thing],
    ['with the object in data', { data: thing }, thing],
    ['with nothing', undefined, undefined],
    ['with an acknowledgement', { status: 'ok' }, undefined],
    ['with a text', 'created', undefined],
    ['with null', null, undefined],
  ])('%s', async (_, json, expected) => {
    const { client, calls } = clientOf(() => json, status);
    expect(await things.create(client, write)).toEqual(expected);
    expect(await things.update(client, write)).toEqual(expected);
    await expect(things.remove(client, ['a'], {})).resolves.toBeUndefined();
    expect(calls).toEqual([
      { method: 'POST', path: '/things', body: { name: 'a', note: 'n', kind: 'x' } },
      { method: 'PUT', path: '/things/a', body: { name: 'a', note: 'n', kind: 'x' } },
      { method: 'DELETE', path: '/things/a' },
    ]);
  });
});

describe('a list', () => {
  const listed = (client: ApiClient): unknown => things.list?.fetch(client, ['a']);
  it.each<[string, unknown, unknown]>([
    ['bare', [thing], [thing]],
    ['null', null, []],
    ['in items', { items: [thing] }, [thing]],
    ['in data', { data: [thing] }, [thing]],
    ['under its own name', { things: [thing] }, [thing]],
    ['null in items', { items: null }, []],
    ['whole, with a total', { items: [thing], total: 1 }, [thing]],
    ['empty, with a total that is wrong', { items: [], total: 5 }, []],
  ])('is read when it is %s', async (_, json, expected) => expect(await listed(clientOf(() => json).client)).toEqual(expected));

  it.each<[string, unknown, string]>([
    ['not JSON', undefined, 'not JSON'],
    ['something else', { message: 'hello' }, 'an object with message'],
    ['a list of strings', ['a'], 'a list'],
  ])('is refused when it is %s', async (_, json, shown) => {
    await expect(listed(clientOf(() => json).client)).rejects.toThrow(
      `the answer to GET /things should be a JSON list of objects but is ${shown}`,
    );
  });

  const all = Array.from({ length: 7 }, (_, i) => ({ name: `n${i}` }));
  const page = ({ path }: ApiRequest): { items: unknown; total: number } => {
    const number = Number(/page=(\d+)/.exec(path)?.[1] ?? 1);
    return { items: all.slice((number - 1) * 3, number * 3), total: all.length };
  };
  it('is paged through', async () => {
    const { client, calls } = clientOf(page);
    expect(await listed(client)).toEqual(all);
    expect(calls.map(({ path }) => path)).toEqual(['/things', '/things?page=2&per_page=3', '/things?page=3&per_page=3']);
  });

  it('ends when a page brings nothing new, whatever the total says', async () => {
    const { client, calls } = clientOf(() => ({ items: all.slice(0, 3), total: 99 }));
    expect(await listed(client)).toEqual(all.slice(0, 3));
    expect(calls).toHaveLength(2);
  });

  it('fails as a whole when a page fails', async () => {
    await expect(listed(clientOf((request) => (request.path.includes('?page=3') ? 'oops' : page(request))).client)).rejects.toThrow(
      'GET /things?page=3&per_page=3',
    );
  });
});
