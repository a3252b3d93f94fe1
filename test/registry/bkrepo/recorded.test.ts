import { TestBkRepo } from '../../support/bkrepo';
import { recordings, replay } from './recorded/replay';

/** Requests whose answers differ, and why they may. */
const DIFFERENT: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  calls: {
    43: 'the recorded server stood alone; this one stands behind a gateway, which answers itself for what is no service',
    228: 'the store of the recorded server let a token of one permit be used again; here, and by the sources, it is spent',
    411: 'where and how the server keeps its files is its own',
    413: 'platform accounts are not managed here',
  },
  access: {},
};

describe.each(['calls', 'access'])('recorded %s of a real server', (name) => {
  let server: TestBkRepo;
  beforeAll(async () => {
    server = await TestBkRepo.start({ strict: true, seed: true });
  });
  afterAll(() => server.stop());

  test('are answered here as there', async () => {
    const recorded = recordings(name);
    const different = await replay(server.url, recorded);
    const excused = Object.keys(DIFFERENT[name] ?? {}).map(Number);
    const wrong = recorded.flatMap(({ n, as, method, path }) => {
      const differences = excused.includes(n) ? undefined : different.get(n);
      return differences ? [{ request: `${n}: ${method} ${path} as ${as ?? 'nobody'}`, differences }] : [];
    });
    expect(wrong).toEqual([]);
    // What agrees by now needs no excuse.
    expect(excused.filter((n) => !different.has(n))).toEqual([]);
  }, 300_000);
});

test('the comparison tells statuses, codes, messages, fields and headers apart', async () => {
  const server = await TestBkRepo.start({ strict: true, seed: true });
  try {
    const [made] = recordings('calls');
    if (!made) throw new Error('there is no recording');
    const { answer } = made;
    const wrong = [
      { ...answer, status: 201 },
      { ...answer, code: 1 },
      { ...answer, message: 'no' },
      { ...answer, data: 'other' },
      { ...answer, data: { name: '<oid>' } },
      { ...answer, headers: { 'content-type': 'text/html' } },
    ];
    const twice = wrong.map((each, at) => ({ ...made, n: at, body: { ...(made.body as object), name: `p${at}x` }, answer: each }));
    const differences = await replay(server.url, twice);
    expect([...differences.values()].map((each) => each.map((text) => text.split(':')[0]))).toEqual([
      ['answer.status', 'answer.data'],
      ['answer.code', 'answer.data'],
      ['answer.message', 'answer.data'],
      ['answer.data'],
      ['answer.data'],
      ['answer.data', 'content-type'],
    ]);
  } finally {
    await server.stop();
  }
});
