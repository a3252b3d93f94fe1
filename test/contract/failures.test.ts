import { attr, connection, defineProvider, defineResource, rest, z } from '../../src/schema/define';
import { holdSame, holdSettled } from '../../src/testing/failures';
import { done, freshPlan, Subject } from '../../src/testing/subject';
import { memoryBackend, startTarget, type Target } from '../../src/testing/target';

const service = defineResource({
  type: 'made_service',
  description: 'A service.',
  attributes: {
    name: attr(z.string().min(1), 'Name.', { forceNew: true }),
    tls: attr(z.boolean().default(false), 'Whether it is encrypted.'),
    password: attr(z.string().optional(), 'Password.', { sensitive: true }),
    createdAt: attr(z.string(), 'When it was created.', { computed: true }),
    region: attr(z.string(), 'Where it is.', { computed: true }),
    token: attr(z.string(), 'Token.', { computed: true, sensitive: true, createOnly: true }),
  },
  key: ['name'],
  ...rest({ path: '/services' }),
  example: { minimal: { name: 'a' }, full: { name: 'a', tls: true, password: 'hush-1' } },
});
const provider = defineProvider({
  name: 'made',
  title: 'Made',
  description: 'Made up.',
  attributes: connection('Made'),
  resources: [service],
  example: { endpoint: 'http://127.0.0.1:8000' },
});

let target: Target;
let subject: Subject;
beforeAll(async () => {
  target = await startTarget(provider, { ...memoryBackend(provider), hints: { omitted: ['made_service.region'] } });
  subject = new Subject(service, target);
});
afterAll(() => target.stop());

const message = (check: () => void): string => {
  try {
    check();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return '';
};

test('a failure names the resource, the step, the attributes and their values, and hides secrets', async () => {
  const config = await subject.example('full', '-told');
  const made = done(await (await target.core()).ensure(subject.type, config));
  const at = { subject, step: 'read and plan after create' };
  const settled = await freshPlan(await target.core(), config, made);
  expect(message(() => holdSettled(at, settled))).toBe('');
  await target.outside('PUT', '/services/a-told', { ...config, tls: false, password: 'hush-2' });
  const changed = await freshPlan(await target.core(), config, made);
  const text = message(() => holdSettled(at, changed));
  expect(text.split('\n')).toEqual([
    'made_service, read and plan after create:',
    '  tls: in the state: true, received from the server: false',
    '  password: in the state: (sensitive value), received from the server: (sensitive value)',
    '  tls: received from the server: false, planned: true',
    '  password: received from the server: (sensitive value), planned: (sensitive value)',
    expect.stringMatching(/^A likely cause is .*"api"/),
  ]);
});

test('a failed import says what the import found', async () => {
  const config = await subject.example('full', '-imported');
  const made = done(await (await target.core()).ensure(subject.type, config));
  await target.outside('PUT', '/services/a-imported', { ...config, tls: null });
  const imported = done(await (await target.core()).import(subject.type, 'a-imported'));
  const at = { subject, step: 'import', except: subject.untold() };
  expect(message(() => holdSame(at, ['after create', made], ['imported', imported]))).toMatch(
    /^made_service, import:\n {2}tls: after create: true, imported: (null|false)\nA likely cause/,
  );
});

test('the server has to return each computed attribute, once if not always, unless the hints excuse it', () => {
  expect(subject.returned()).toEqual(['created_at', 'token']);
});

test('an apply that comes out otherwise than planned names the resource and hides secrets', async () => {
  const forgetful = await startTarget(provider, {
    answer: (got) => {
      const body = { ...(got.json as object), name: 'a', password: 'hush-3' };
      return got.method === 'GET' && !got.path.includes('/services/') ? { status: 200, body: [] } : { status: 200, body };
    },
    stop: async () => {},
  });
  const core = await forgetful.core();
  const told = await core.ensure('made_service', { name: 'a', password: 'hush-1' }).then(
    ({ diagnostics }) => JSON.stringify(diagnostics),
    (thrown: Error) => thrown.message,
  );
  await forgetful.stop();
  expect(told).toMatch(/made_service|password/);
  expect(told).not.toContain('hush');
});
