import { Circuit } from '../../../src/registry/proxy/circuit';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

function circuitAt(options = { failures: 3, pause: 10 }) {
  const clock = { now: 0 };
  return { clock, circuit: new Circuit(options, () => clock.now) };
}

test('a circuit opens after failures in a row, lets one request through after its pause, and closes when that succeeds', () => {
  const { clock, circuit } = circuitAt();
  for (const outcome of ['fail', 'fail', 'succeed', 'fail', 'fail']) {
    expect(circuit.enter()).toBeUndefined();
    if (outcome === 'fail') circuit.failed('x');
    else circuit.succeeded();
  }
  expect(circuit.state).toBe('closed');
  circuit.failed('answered 503');
  expect([circuit.state, circuit.reason, circuit.enter()]).toEqual(['open', 'answered 503', 10_000]);
  clock.now = 9_999;
  expect(circuit.enter()).toBe(1);
  clock.now = 10_000;
  expect([circuit.state, circuit.enter(), circuit.enter()]).toEqual(['half-open', undefined, 1000]);
  circuit.succeeded();
  expect([circuit.state, circuit.enter()]).toEqual(['closed', undefined]);
});

test('each probe that fails doubles the pause, up to 16 times, or takes what the upstream asks for if that is longer', () => {
  const { clock, circuit } = circuitAt();
  for (let time = 0; time < 3; time++) circuit.failed('x');
  const pauses = [];
  for (let time = 0; time < 7; time++) {
    const wait = circuit.enter() ?? 0;
    pauses.push(wait / 1000);
    clock.now += wait;
    expect(circuit.enter()).toBeUndefined();
    circuit.failed('x', time === 5 ? 1e9 : 0);
  }
  expect(pauses).toEqual([10, 20, 40, 80, 160, 160, 160]);
  const other = circuitAt();
  for (let time = 0; time < 3; time++) other.circuit.failed('x', 25_000);
  expect(other.circuit.enter()).toBe(25_000);
});

test('late failures of requests from before it opened change nothing; an abandoned probe makes room for the next', () => {
  const { clock, circuit } = circuitAt();
  for (let time = 0; time < 64; time++) circuit.failed('x');
  expect(circuit.enter()).toBe(10_000);
  clock.now = 10_000;
  expect(circuit.enter()).toBeUndefined();
  circuit.abandoned();
  expect(circuit.enter()).toBeUndefined();
});

test('half of twenty requests within a minute open it too, although others succeed between them; none do with 0', () => {
  const { circuit } = circuitAt();
  for (let time = 0; time < 9; time++) {
    circuit.failed('x');
    circuit.succeeded();
  }
  circuit.succeeded();
  expect(circuit.state).toBe('closed');
  circuit.failed('x');
  expect(circuit.state).toBe('open');
  const never = circuitAt({ failures: 0, pause: 10 });
  for (let time = 0; time < 100; time++) never.circuit.failed('x');
  expect(never.circuit.state).toBe('closed');
});

test('an upstream that fails is left alone: stale copies are served at once, all else is 503 with Retry-After, and it is asked again', async () => {
  const mood = { status: 200 };
  const up = await upstream((_request, response) => response.writeHead(mood.status).end('content'));
  const { url } = await registry({ circuit: { failures: 3, pause: 1 } });
  await addRemote(url, { name: 'files', base_url: up.url, mutable_ttl: 0, mutable_patterns: ['.*'] });
  const file = (path: string) => call('GET', `${url}/api/v1/remote/files/${path}`);
  expect((await file('kept')).text).toBe('content');
  mood.status = 500;
  for (let time = 0; time < 3; time++) expect((await file('new')).status).toBe(502);
  const asked = up.requests.length;

  const refused = await file('new');
  expect([refused.status, refused.header('retry-after')]).toEqual([503, '1']);
  expect(refused.text).toBe('upstream of remote "files" has failed too often and is left alone for 1 s; it answered 500\n');
  const stale = await file('kept');
  expect([stale.status, stale.text, stale.header('x-artifact-stale')]).toEqual([200, 'content', 'true']);
  expect(up.requests).toHaveLength(asked);
  expect((await call('GET', `${url}/api/v2/health`)).json).toMatchObject({ status: 'ok', upstreams: { files: 'open' } });
  const metrics = (await call('GET', `${url}/metrics`)).text;
  expect(metrics).toContain('repoform_upstream_circuit_state{remote="files"} 2');
  expect(metrics).toContain('repoform_upstream_requests_total{remote="files",outcome="500"} 3');
  expect(metrics).toContain('repoform_upstream_requests_total{remote="files",outcome="refused"} 2');
  expect(metrics).toContain('repoform_upstream_request_duration_seconds_count{remote="files"} 4');

  mood.status = 200;
  await new Promise((resolve) => setTimeout(resolve, 1050));
  expect((await file('new')).status).toBe(200);
  expect(((await call('GET', `${url}/api/v2/health`)).json as { upstreams?: unknown }).upstreams).toBeUndefined();
});

test('a remote that was changed is asked at once; what the upstream does not have is no failure', async () => {
  const up = await upstream((_request, response) => response.writeHead(404).end());
  const { url } = await registry({ circuit: { failures: 2, pause: 60 } });
  const fields = { name: 'files', package_type: 'generic', base_url: 'http://127.0.0.1:1' };
  await addRemote(url, fields);
  const status = async () => (await call('GET', `${url}/api/v1/remote/files/a`)).status;
  expect([await status(), await status(), await status()]).toEqual([502, 502, 503]);
  await call('PUT', `${url}/api/v2/remotes/files`, { body: { ...fields, base_url: up.url } });
  expect([await status(), await status(), await status()]).toEqual([404, 404, 404]);
});
