import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { ProviderHandler } from '../../src/handler/provider-handler';
import { type GateServer, startGate } from '../support/gate/server';
import { gate } from '../support/gate/definition';

const type = 'gate_pass';
let server: GateServer;
let logs: string[];
beforeEach(async () => {
  server = await startGate();
  logs = [];
});
afterEach(() => server.stop());

async function configured(config: ValueRecord = {}): Promise<ProviderHandler> {
  const provider = new ProviderHandler(gate, { env: {}, log: (...line) => void logs.push(JSON.stringify(line)) });
  const whole = Object.fromEntries(
    provider.schema().provider.block.attributes.map(({ name }): [string, Value] => [name, config[name] ?? null]),
  );
  const request = { config: { ...whole, endpoint: server.endpoint, max_retries: 0, ...config }, terraformVersion: '1.11.4' };
  expect((await provider.configure(request)).diagnostics).toEqual([]);
  return provider;
}

const nothing = { door_names: null, lifetime: null, note: null, token: null, url: null, issuer: null, greeting: null, timeouts: null };
const config: ValueRecord = { ...nothing, holder: 'night watch' };
const limits = (some: ValueRecord): ValueRecord => ({ ...config, timeouts: { open: null, renew: null, close: null, ...some } });
const told = ({ diagnostics }: { diagnostics: readonly { severity: string; summary: string }[] }): string[] =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);

describe('an ephemeral resource that is opened', () => {
  it('has what is configured as it is, and the rest as the server says', async () => {
    const provider = await configured();
    const { result, renewAt, diagnostics } = await provider.openEphemeral({ type, config });
    expect(result).toEqual({
      ...config,
      door_names: [],
      lifetime: 3600,
      token: 'token/1+Kx82',
      url: `${server.endpoint}/open?pass=token%2F1%2BKx82`,
      issuer: { desk_number: 4 },
      greeting: 'Hello night watch',
    });
    expect(diagnostics).toEqual([]);
    expect(server.log.map(({ json }) => json)).toEqual([{ holder: 'night watch', door_names: [], lifetime: 3600 }]);
    expect(Math.abs((renewAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  it('is gone from the server when it is closed', async () => {
    const provider = await configured();
    const { private: kept = new Uint8Array() } = await provider.openEphemeral({ type, config });
    expect([...server.passes.keys()]).toEqual(['p1']);
    expect(await provider.closeEphemeral({ type, private: kept })).toEqual({ diagnostics: [] });
    expect([...server.passes.keys()]).toEqual([]);
    expect(await provider.closeEphemeral({ type, private: kept })).toEqual({ diagnostics: [] });
  });

  it('is closed as it was after the last renewal, of which core tells only the renewals', async () => {
    const provider = await configured();
    const { private: kept = new Uint8Array() } = await provider.openEphemeral({ type, config });
    const first = await provider.renewEphemeral({ type, private: kept });
    const second = await provider.renewEphemeral({ type, private: first.private ?? kept });
    expect([first.diagnostics, second.diagnostics, [...server.passes.keys()]]).toEqual([[], [], ['p1rr']]);
    expect(await provider.closeEphemeral({ type, private: kept })).toEqual({ diagnostics: [] });
    expect([...server.passes.keys()]).toEqual([]);
  });

  it('is not renewed without pause when the server says that it has ended', async () => {
    server.lasts = -60;
    const provider = await configured();
    const { renewAt } = await provider.openEphemeral({ type, config });
    expect(renewAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('is not renewed where the definition has no renewal, and closed where it has no close', async () => {
    const provider = await configured();
    const opened = await provider.openEphemeral({ type: 'gate_hint', config: { text: null, timeouts: null } });
    expect(opened).toMatchObject({ result: { text: 'under the mat', timeouts: null }, diagnostics: [] });
    expect(opened).not.toHaveProperty('renewAt');
    const kept = { type: 'gate_hint', private: opened.private ?? new Uint8Array() };
    expect(await provider.renewEphemeral(kept)).toEqual({ diagnostics: [] });
    expect(await provider.closeEphemeral(kept)).toEqual({ diagnostics: [] });
    expect(server.calls()).toEqual(['GET /hint']);
  });
});

describe('when core is done', () => {
  it('what core did not close is closed, and what it closed is not closed again', async () => {
    const provider = await configured();
    const first = await provider.openEphemeral({ type, config });
    const second = await provider.openEphemeral({ type, config });
    await provider.renewEphemeral({ type, private: second.private ?? new Uint8Array() });
    await provider.closeEphemeral({ type, private: first.private ?? new Uint8Array() });
    server.calls();
    await provider.end();
    await provider.end();
    expect(server.calls()).toEqual(['DELETE /passes/p2r']);
  });

  it('what cannot be closed is in the log', async () => {
    const provider = await configured();
    await provider.openEphemeral({ type, config });
    server.fault({ kind: { status: 500 }, method: 'DELETE' });
    await provider.end();
    expect(logs.filter((line) => line.startsWith('["warn"'))).toEqual([
      expect.stringContaining('Left on the Server: pass p1 of night watch') as string,
    ]);
  });
});

describe('an opening that goes wrong', () => {
  it.each([
    ['a token that is no text', { id: 'p9', token: 7, ends: '2099-01-01T00:00:00Z' }, 'token should be a string but is number'],
    ['an end that is no time', { id: 'p9', token: 'abcdefgh', ends: 'soon' }, 'renewAt is not a valid date'],
  ])('closes what was made: %s', async (_, body, reason) => {
    server.fault({ kind: { status: 200, text: JSON.stringify(body), headers: { 'content-type': 'application/json' } }, method: 'POST' });
    const provider = await configured();
    const answer = await provider.openEphemeral({ type, config });
    expect([answer.result, told(answer)]).toEqual([null, ['error: Unexpected Answer']]);
    expect(answer.diagnostics[0]?.detail).toContain(reason);
    expect(server.calls()).toEqual(['POST /passes', 'DELETE /passes/p9']);
  });

  it('says what is left when that cannot be closed either', async () => {
    server.fault({ kind: { status: 200, text: '{"id":"p9","token":7}', headers: { 'content-type': 'application/json' } }, method: 'POST' });
    server.fault({ kind: { status: 500 }, method: 'DELETE' });
    const answer = await (await configured()).openEphemeral({ type, config });
    expect(told(answer)).toEqual(['error: Unexpected Answer', 'warning: Left on the Server: pass p9 of night watch']);
    expect(answer.diagnostics[1]?.detail).toMatch(/^It may still exist and be valid; remove it on the server\./);
  });

  it('says that something may be left when the answer is lost', async () => {
    server.fault({ kind: 'lost', method: 'POST' });
    const answer = await (await configured()).openEphemeral({ type, config });
    expect([answer.result, told(answer)]).toEqual([null, ['error: Server Not Reachable', 'warning: Perhaps Left on the Server']]);
    expect(server.calls()).toEqual(['POST /passes']);
  });

  it('says only what the server said when it refuses', async () => {
    server.fault({ kind: { status: 403, text: 'not you' }, method: 'POST' });
    const answer = await (await configured()).openEphemeral({ type, config });
    expect(told(answer)).toEqual(['error: Not Allowed']);
    expect(answer.diagnostics[0]?.detail).toContain('Cannot open ephemeral gate_pass: POST');
  });
});

it('a failed renewal is an error that names what is not renewed, a failed close a warning that names what is left', async () => {
  server.fault({ kind: { status: 500, text: 'on strike' }, method: 'PUT|DELETE', times: 2 });
  const provider = await configured();
  const { private: kept = new Uint8Array() } = await provider.openEphemeral({ type, config });
  const renewed = await provider.renewEphemeral({ type, private: kept });
  expect(told(renewed)).toEqual(['error: Server Error']);
  expect(renewed.diagnostics[0]?.detail).toMatch(/^Cannot renew ephemeral gate_pass, pass p1 of night watch: PUT .*on strike/);
  const closed = await provider.closeEphemeral({ type, private: kept });
  expect(told(closed)).toEqual(['warning: Left on the Server: pass p1 of night watch']);
  expect(closed.diagnostics[0]?.detail).toMatch(/^It may still exist .* DELETE .*on strike/);
});

describe('what an ephemeral resource gave', () => {
  it('shows in no later message and no line of the log, in no spelling', async () => {
    const provider = await configured();
    await provider.openEphemeral({ type, config });
    const echo = `bad token/1+Kx82, bad ${encodeURIComponent('token/1+Kx82')}, desk 4, held by night watch`;
    server.fault({ kind: { status: 400, text: echo }, times: 9 });
    const state = { name: 'front', password: null, password_wo: null, password_wo_version: null, password_wo_revision: 1 };
    const read = await provider.read({ type: 'gate_door', state: { ...state, timeouts: null }, private: new Uint8Array() });
    expect(read.diagnostics[0]?.detail).toContain('bad (sensitive), bad (sensitive), desk 4, held by night watch');
    const named = await provider.validateResource({ type: 'token/1+Kx82', config: {} });
    expect(named.diagnostics[0]?.detail).toContain('"(sensitive)"');
    await provider.read({ type: 'gate_door', state: { ...state, name: 'token/1+Kx82', timeouts: null }, private: new Uint8Array() });
    expect(logs.filter((line) => line.includes('/doors')).length).toBeGreaterThan(0);
    expect(logs.filter((line) => /token(\/|%2F)1/.test(line))).toEqual([]);
  });
});

describe('before it is opened', () => {
  it.each([
    [{ holder: 'me' }, ['holder']],
    [{ lifetime: 0 }, ['lifetime']],
    [{ holder: 'same', note: 'same' }, ['note']],
    [{ door_names: ['a', UNKNOWN], holder: UNKNOWN, lifetime: UNKNOWN }, []],
    [{ timeouts: { open: 'soon', renew: null, close: null } }, ['timeouts']],
  ])('its configuration is checked as that of a resource: %j', async (wrong, paths) => {
    const provider = new ProviderHandler(gate, { env: {}, log: () => {} });
    const { diagnostics } = await provider.validateEphemeral({ type, config: { ...config, ...wrong } });
    expect(diagnostics.map(({ path }) => path?.[0])).toEqual(paths);
  });

  it('its values are unknown while its configuration or that of the provider is', async () => {
    const pending = await configured({ endpoint: UNKNOWN });
    const unknown = { ...config, door_names: UNKNOWN, lifetime: UNKNOWN, token: UNKNOWN, url: UNKNOWN, issuer: UNKNOWN, greeting: UNKNOWN };
    expect(await pending.openEphemeral({ type, config })).toEqual({ result: unknown, diagnostics: [] });
    expect(await pending.openEphemeral({ type, config, deferralAllowed: true })).toMatchObject({ deferred: 'provider' });
    const refusing = { type, config, unknownRefused: true };
    expect(await pending.openEphemeral({ ...refusing, deferralAllowed: true })).toMatchObject({ deferred: 'provider', diagnostics: [] });
    const refused = await pending.openEphemeral(refusing);
    expect([refused.result, told(refused)]).toEqual([null, ['error: Too Early to Open']]);
    expect(refused.diagnostics[0]?.detail).toMatch(/opens ephemeral gate_pass during plan, .* In the ephemeral block, add a depends_on/);
    expect(await pending.closeEphemeral({ type, private: new Uint8Array() })).toEqual({ diagnostics: [] });
    const given = { ...config, holder: UNKNOWN };
    const answer = await (await configured()).openEphemeral({ type, config: given, deferralAllowed: true });
    expect(answer).toEqual({ result: { ...unknown, holder: UNKNOWN }, deferred: 'resource', diagnostics: [] });
    expect(server.calls()).toEqual([]);
  });

  it('says what to do when what it is for is not there yet', async () => {
    const provider = await configured();
    server.fault({ kind: { status: 404, text: 'no such holder' }, method: 'POST' });
    const { diagnostics } = await provider.openEphemeral({ type, config });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.detail).toMatch(
      /created by an earlier run\. With OpenTofu, a depends_on on the resource that creates the object is enough\.$/,
    );
  });

  it('needs a provider that is configured', async () => {
    const provider = new ProviderHandler(gate, { env: {}, log: () => {} });
    expect(told(await provider.openEphemeral({ type, config }))).toEqual(['error: Provider Not Configured']);
  });
});

describe('time', () => {
  it('that an opening, a renewal and a close may take ends them', async () => {
    const provider = await configured();
    const opened = await provider.openEphemeral({ type, config: limits({ renew: '100ms', close: '100ms' }) });
    const kept = { type, private: opened.private ?? new Uint8Array() };
    server.fault({ kind: 'hang', method: 'PUT|DELETE|POST', times: 3 });
    expect(told(await provider.renewEphemeral(kept))).toEqual(['error: No Answer in Time']);
    expect(told(await provider.closeEphemeral(kept))).toEqual(['warning: Left on the Server: pass p1 of night watch']);
    const late = await provider.openEphemeral({ type, config: limits({ open: '100ms' }) });
    expect(told(late)).toEqual(['error: No Answer in Time', 'warning: Perhaps Left on the Server']);
  });

  it('is not spent on reads when core says stop, and what is being made is finished', async () => {
    const provider = await configured();
    let arrived = 0;
    let go = (): void => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    const both = new Promise<void>((resolve) => {
      server.before = (method, path) => {
        if (method === 'DELETE') return;
        arrived += 1;
        if (arrived === 2) resolve();
        return path === '/passes' || path === '/hint' ? held : undefined;
      };
    });
    const [hint, pass] = [
      provider.openEphemeral({ type: 'gate_hint', config: { text: null, timeouts: null } }),
      provider.openEphemeral({ type, config }),
    ];
    await both;
    provider.stop();
    expect(told(await hint)).toEqual(['error: Cancelled']);
    go();
    const { result, private: kept = new Uint8Array() } = await pass;
    expect(result).toMatchObject({ token: 'token/1+Kx82' });
    expect(await provider.closeEphemeral({ type, private: kept })).toEqual({ diagnostics: [] });
    expect(server.passes.size).toBe(0);
  });
});

it('what is not an ephemeral resource, or was not kept by one, is told', async () => {
  const provider = await configured();
  const none = new Uint8Array();
  const answers = [
    await provider.validateEphemeral({ type: '__proto__', config }),
    await provider.openEphemeral({ type: 'gate_door', config }),
    await provider.renewEphemeral({ type: 'gate_x', private: none }),
    await provider.closeEphemeral({ type: 'gate_x', private: none }),
  ];
  expect(answers.flatMap(told)).toEqual(answers.map(() => 'error: Unknown Type'));
  const strange = await provider.closeEphemeral({ type, private: Buffer.from('{"id":1}') });
  expect(told(strange)).toEqual(['error: Internal Error']);
});
