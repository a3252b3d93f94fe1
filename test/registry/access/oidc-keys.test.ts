import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { Connections } from '../../../src/net/connections';
import { IssuerKeys } from '../../../src/registry/access/oidc/keys';
import { Reach, type ReachOptions } from '../../../src/registry/proxy/reach';
import { afterwards, cleanUp, tempFolder } from '../helpers';

afterEach(cleanUp);

/** The addresses of names, as the registry finds them. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'issuer.example': '198.51.100.7',
  'within.example': '10.0.0.7',
  'rebound.example': '127.0.0.1',
  'keys.within.example': '10.0.0.8',
};

/** An issuer by a name, which says that its keys are at a URL; its own port stands for `PORT` there. All names lead to this machine. */
async function issuerAt(name: string, told: string, options: ReachOptions = {}) {
  const folder = tempFolder();
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const names = [...Object.keys(ADDRESSES).map((each) => `DNS:${each}`), 'IP:127.0.0.1'].join();
  const subject = ['-subj', '/CN=issuer', '-addext', `subjectAltName=${names}`];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  execFileSync('openssl', ['req', '-x509', ...ec, '-out', cert, '-days', '2', ...subject], { stdio: 'ignore' });
  const asked: string[] = [];
  const jwk = { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'k', alg: 'ES256' };
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    asked.push(`${request.headers.host?.split(':')[0]}${request.url}`);
    const { port } = server.address() as AddressInfo;
    const discovery = { issuer: `https://${name}:${port}`, jwks_uri: told.replace('PORT', String(port)) };
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : discovery));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => void (server.closeAllConnections(), server.close()));
  const resolve = (host: string) => Promise.resolve([{ address: ADDRESSES[host] ?? '127.0.0.1', family: 4 }]);
  const reach = new Reach({ resolve, ...options });
  const made = { env: {}, connectTimeout: 5000, ca: readFileSync(cert) };
  const here = new Connections({
    ...made,
    lookup: (_host, { all }, done) => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)),
  });
  const outside = new Connections({ ...made, lookup: reach.lookup });
  afterwards(() => (here.close(), outside.close()));
  const keys = new IssuerKeys(`https://${name}:${(server.address() as AddressInfo).port}`, { connections: here, outside, reach });
  const found = async () => {
    const find = await keys.get();
    const key = await find({ alg: 'ES256', kid: 'k' }, { payload: '', signature: '' });
    return 'type' in key ? key.type : key;
  };
  return { asked, found: () => found().catch((cause: Error) => cause.message) };
}

const PRIVATE =
  /^the keys of https:\S+ cannot be fetched: (?:\S+ )?leads to "[^"]+", whose address is private; if that is right, name the host with --internal-hosts/;

test.each([
  'https://127.0.0.1:PORT/keys',
  'http://127.0.0.1:PORT/keys',
  'https://localhost:PORT/keys',
  'https://rebound.example:PORT/keys',
  'https://keys.within.example:PORT/keys',
  'https://[::ffff:10.0.0.1]:PORT/keys',
])('an issuer of the internet does not lead to %s for its keys', async (told) => {
  const { asked, found } = await issuerAt('issuer.example', told);
  expect(await found()).toMatch(PRIVATE);
  expect(asked).toEqual(['issuer.example/.well-known/openid-configuration']);
});

test.each<{ where: string; name: string; told: string; options?: ReachOptions }>([
  { where: 'of its own host', name: 'issuer.example', told: 'https://issuer.example:PORT/keys' },
  { where: 'in its own network', name: 'within.example', told: 'https://keys.within.example:PORT/keys' },
  { where: 'on this machine, for one in a private network', name: 'within.example', told: 'https://127.0.0.1:PORT/keys' },
  {
    ...{ where: 'that the operator allows', name: 'issuer.example', told: 'https://keys.within.example:PORT/keys' },
    options: { internalHosts: ['*.within.example'] },
  },
])('keys are fetched from a place $where', async ({ name, told, options }) => {
  const { asked, found } = await issuerAt(name, told, options);
  expect(await found()).toBe('public');
  expect(asked).toEqual([`${name}/.well-known/openid-configuration`, `${new URL(told.replace(':PORT', '')).hostname}/keys`]);
});
