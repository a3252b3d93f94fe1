import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { ProviderHandler } from '../../src/handler/provider-handler';
import { gate } from '../support/gate/definition';
import { type GateServer, startGate } from '../support/gate/server';

const type = 'gate_ring';
let server: GateServer;
let provider: ProviderHandler;
let said: string[];
beforeEach(async () => {
  server = await startGate();
  said = [];
  provider = new ProviderHandler(gate, { env: {}, log: (...line) => void said.push(JSON.stringify(line)) });
  await configure({});
});
afterEach(() => server.stop());

async function configure(config: ValueRecord): Promise<void> {
  const names = provider.schema().provider.block.attributes.map(({ name }) => name);
  const whole = Object.fromEntries(names.map((name): [string, Value] => [name, null]));
  const request = { config: { ...whole, endpoint: server.endpoint, max_retries: 0, ...config }, terraformVersion: '1.15.9' };
  expect((await provider.configure(request)).diagnostics).toEqual([]);
}

const config: ValueRecord = { door: 'front', times: 2, code: null, guests: null, timeouts: null };
const live = new AbortController().signal;
const invoke = async (more: ValueRecord = {}, signal = live) => {
  const progress: string[] = [];
  const { diagnostics } = await provider.invokeAction({
    type,
    config: { ...config, ...more },
    progress: (message) => void progress.push(message),
    signal,
  });
  return { progress, told: diagnostics.map(({ severity, summary, detail }) => `${severity}: ${summary}: ${detail}`) };
};
const plan = async (more: ValueRecord) => (await provider.planAction({ type, config: { ...config, ...more } })).diagnostics;
const bells = (): number => server.log.filter(({ path }) => path.endsWith('/bell')).length;

test('an action does its work, and tells what it does in single lines', async () => {
  expect(await invoke({ guests: [{ name: 'Ann' }] })).toEqual({ progress: ['ring 1 of 2: ding dong', 'ring 2 of 2: ding dong'], told: [] });
  const posted = server.log.filter(({ method }) => method === 'POST').map(({ path, json }) => [path, json]);
  expect(posted).toEqual([
    ['/doors/front/bell', { guests: ['Ann'] }],
    ['/doors/front/bell', { guests: ['Ann'] }],
  ]);
  expect((await invoke({ times: 4 })).told).toEqual(['warning: Neighbours: They are awake now.']);
});

test('defaults count where nothing is configured', async () => {
  expect((await invoke({ times: null })).progress).toEqual(['ring 1 of 1: ding dong']);
});

test('a secret of the configuration is in no message', async () => {
  const code = 'secret-4711-code';
  const { progress } = await invoke({ code, times: 1 });
  expect(progress).toEqual(['ring 1 of 1: ding 4711']);
  server.before = () => {
    throw new Error('down');
  };
  const { told } = await invoke({ code });
  expect(told).toHaveLength(1);
  expect(JSON.stringify([told, said])).not.toContain(code);
});

test('a failure of the server is told like that of a resource, with what to do', async () => {
  server.before = (_method, path) => (path.endsWith('/bell') ? Promise.reject(new Error('broken')) : undefined);
  const { told } = await invoke();
  expect(told).toEqual([expect.stringMatching(/^error: .*: Cannot invoke action gate_ring: POST .*\/doors\/front\/bell/)]);
});

test.each([
  ['a value that its type refuses', { times: 10 }, 'times'],
  ['a check across attributes', { code: 'front' }, 'code'],
])('%s is refused at validation, at plan and before it is invoked', async (_, wrong: ValueRecord, path) => {
  const request = { type, config: { ...config, ...wrong } };
  for (const diagnostics of [(await provider.validateAction(request)).diagnostics, await plan(wrong)])
    expect(diagnostics.map((one) => [one.severity, one.path])).toEqual([['error', [path]]]);
  expect((await invoke(wrong)).told).toHaveLength(1);
  expect(bells()).toBe(0);
});

describe('a check against the server', () => {
  beforeEach(() => fetch(`${server.endpoint}/doors`, { method: 'POST', body: JSON.stringify({ name: 'front', bell: false }) }));

  test('refuses at plan, and again before the action is invoked', async () => {
    expect((await plan({})).map(({ summary }) => summary)).toEqual(['No Bell']);
    expect((await invoke()).told).toEqual([expect.stringContaining('error: No Bell: "door": the door "front" has no bell.')]);
    expect(bells()).toBe(0);
  });

  test('lets what is not known yet pass', async () => {
    expect(await plan({ door: UNKNOWN })).toEqual([]);
    expect(await plan({ times: UNKNOWN, guests: UNKNOWN, code: UNKNOWN })).toHaveLength(1);
  });

  test('is skipped with a warning when the server fails at plan', async () => {
    server.before = () => Promise.reject(new Error('down'));
    expect((await plan({})).map(({ severity, summary }) => [severity, summary])).toEqual([['warning', 'Check Skipped']]);
  });
});

test('while the provider block is not known, a plan is deferred where core can, and checked later where it cannot', async () => {
  provider = new ProviderHandler(gate, { env: {}, log: () => {} });
  await configure({ endpoint: UNKNOWN });
  expect(await provider.planAction({ type, config, deferralAllowed: true })).toEqual({ diagnostics: [], deferred: 'provider' });
  expect(await provider.planAction({ type, config })).toEqual({ diagnostics: [] });
  expect((await invoke()).told).toEqual([expect.stringContaining('error: Provider Not Configured')]);
});

test('a caller that cancels ends it after the write that is under way', async () => {
  const cancel = new AbortController();
  server.before = (_method, path) => (path.endsWith('/bell') ? cancel.abort() : undefined);
  const { progress, told } = await invoke({ times: 9 }, cancel.signal);
  expect([bells(), progress]).toEqual([1, ['ring 1 of 9: ding dong']]);
  expect(told).toEqual([expect.stringMatching(/^error: Cancelled: /)]);
});

test('a stop ends it too, and timeouts limit it', async () => {
  server.before = (_method, path) => (path.endsWith('/bell') ? provider.stop() : undefined);
  expect((await invoke({ times: 9 })).told).toEqual([expect.stringMatching(/^error: Cancelled: /)]);
  expect(bells()).toBe(1);
  server.before = (_method, path) => (path.endsWith('/bell') ? new Promise((late) => setTimeout(late, 1500)) : undefined);
  expect((await invoke({ timeouts: { invoke: '300ms' } })).told).toEqual([expect.stringMatching(/^error: No Answer in Time: /)]);
});

test('what reads found before an action is asked for again after it', async () => {
  await fetch(`${server.endpoint}/doors`, { method: 'POST', body: JSON.stringify({ name: 'front' }) });
  const request = {
    type: 'gate_door',
    state: { name: 'front', password: null, password_wo: null, password_wo_version: null, password_wo_revision: null, timeouts: null },
    private: new Uint8Array(),
  };
  await provider.read(request);
  await invoke();
  const before = server.log.length;
  await provider.read(request);
  expect(server.log.length).toBeGreaterThan(before);
});

test('an action that there is not is told by name', async () => {
  const { diagnostics } = await provider.validateAction({ type: 'gate_burn', config: {} });
  expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringContaining('has no action "gate_burn"')]);
});
