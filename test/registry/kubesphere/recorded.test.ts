import { createCertificate } from '../../../src/protocol/certificate';
import { ChartServer } from '../../support/chart-server';
import { TestKubeSphere } from '../../support/kubesphere';
import { cleanUp, upstream } from '../helpers';
import { recordedCharts } from './recorded/charts';
import { type Recorded, recordings, replay } from './recorded/replay';

const DUPLICATES = 'a key that is there twice is taken once by the real server, and refused here';
const XML = 'bodies of XML are not read here';
const TEMPLATE = 'of the template of a workspace, the empty time of its making is left out here';

/** Requests whose answers differ, by what they are, and why they may. */
const DIFFERENT: readonly (readonly [name: string, is: (request: Recorded) => boolean, why: string])[] = [
  ['v4', ({ body }) => JSON.stringify(body)?.includes('/dup"') ?? false, DUPLICATES],
  ['v412', ({ body }) => JSON.stringify(body)?.includes('/dup"') ?? false, DUPLICATES],
  ['v4', ({ raw }) => raw === '<a/>', XML],
  ['v412', ({ raw }) => raw === '<a/>', XML],
  ['v3', ({ path, method, body, answer }) => isMade(path, body) && ['GET', 'POST'].includes(method) && answer.status === 200, TEMPLATE],
];
const isMade = (path: string, body: unknown): boolean =>
  path.includes('/tenant.') && (path.endsWith('/made') || JSON.stringify(body)?.includes('"made"') === true);

afterEach(cleanUp);

/** The password of all users of the recorded servers. */
const P = 'the-password-of-all';
const users = [
  { name: 'wsadmin', roles: { demo: 'admin' } },
  { name: 'repoman', roles: { demo: 'manager' } },
  { name: 'viewer', roles: { demo: 'viewer' } },
  { name: 'outsider' },
  { name: 'sleeper', isDisabled: true },
] as const;

describe.each([
  ['v4', '4.1'],
  ['v412', '4.1.2'],
  ['v3', '3.4'],
] as const)('recorded %s of a real server', (name, version) => {
  let [charts, tls]: ChartServer[] = [];
  let ks: TestKubeSphere;
  beforeAll(async () => {
    const { key, pem } = createCertificate();
    charts = await ChartServer.start(recordedCharts);
    tls = await ChartServer.start({}, { key, cert: pem });
    const settings = { version, adminPassword: P, users: users.map((user) => ({ ...user, password: P })), workspaces: ['demo', 'other'] };
    ks = await TestKubeSphere.start(settings);
  });
  afterAll(async () => {
    await ks.stop();
    await Promise.all([charts?.stop(), tls?.stop()]);
  });

  test('is answered here as there', async () => {
    const recorded = recordings(name);
    const places = { S: charts?.host ?? '', T: tls?.host ?? '', TLS: tls?.host ?? '', P };
    const different = await replay(ks.url, recorded, places);
    const excused = recorded.filter((request) => DIFFERENT.some(([where, is]) => where === name && is(request))).map(({ n }) => n);
    const wrong = recorded.flatMap(({ n, as = 'admin', method, path, raw, body }) => {
      const differences = excused.includes(n) ? undefined : different.get(n);
      return differences ? [{ request: `${n}: ${as} ${method} ${path} ${raw ?? JSON.stringify(body) ?? ''}`, differences }] : [];
    });
    expect(wrong).toEqual([]);
    // What agrees by now needs no excuse.
    expect(excused.filter((n) => !different.has(n))).toEqual([]);
  }, 300_000);
});

test('the comparison tells statuses, types, texts, fields and line ends apart', async () => {
  const ks = await TestKubeSphere.start({ adminPassword: P });
  try {
    const [listed, missing] = recordings('v4').filter(
      ({ method, path }) => method === 'GET' && /workspaces\/nope\/repos$|repos\/nothere$/.test(path),
    );
    if (listed?.answer.json === undefined || missing?.answer.text === undefined) throw new Error('the recording lacks what is compared');
    const wrong = [
      { ...listed.answer, status: 201 },
      { ...listed.answer, type: 'text/html' },
      { ...listed.answer, json: { items: [], totalItems: 0 } },
      { ...listed.answer, json: { items: null, totalItems: '<number>' } },
      { ...listed.answer, compact: true },
      { ...listed.answer, ends: true },
    ].map((answer, n) => ({ ...listed, n, answer }));
    const text = { ...missing, n: 9, answer: { ...missing.answer, status: 404, text: 'gone\n' } };
    const differences = await replay(ks.url, [...wrong, text], { P });
    expect([...differences.values()].map((each) => each.map((line) => line.split(':')[0]))).toEqual([
      ['answer.status'],
      ['answer.type'],
      ['answer.json.items'],
      ['answer.json.totalItems'],
      ['answer.compact'],
      ['answer.ends'],
      ['answer.text'],
    ]);
  } finally {
    await ks.stop();
  }
});

test.each([
  [
    'in another order',
    [
      ['b', '01'],
      ['a', '01'],
    ],
    true,
  ],
  [
    'in another order of seconds',
    [
      ['b', '02'],
      ['a', '01'],
    ],
    false,
  ],
  [
    'against their seconds',
    [
      ['b', '01'],
      ['a', '02'],
    ],
    true,
  ],
])('items %s', async (_how, made, isDifferent) => {
  const itemOf = ([name, second]: readonly string[]) => ({ metadata: { name, creationTimestamp: `2026-01-01T00:00:${second}Z` } });
  const server = await upstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: made.map(itemOf) }));
  });
  const items = ['a', 'b'].map((name) => ({ metadata: { name, creationTimestamp: '<time>' } }));
  const recorded = {
    n: 1,
    method: 'GET',
    path: '/',
    answer: { status: 200, type: 'application/json', json: { items }, compact: true, ends: false },
  };
  expect((await replay(server.url, [recorded], { P })).size).toBe(isDifferent ? 1 : 0);
});
