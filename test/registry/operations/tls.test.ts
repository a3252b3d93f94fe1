import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { type Logger, type Registry } from '../../../src/registry/server';
import { cleanUp, registry, tempFolder } from '../helpers';

afterEach(cleanUp);

const settings = { folder: '' };
beforeEach(() => (settings.folder = tempFolder()));
const file = (name: string) => join(settings.folder, name);

/** Makes a certificate with openssl. */
function certificate(name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file(`${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', file(`${name}.crt`), '-days', '2', ...subject], { stdio: 'ignore' });
}

/** Puts a certificate and its key where the registry looks. */
function place(cert: string, key = cert): void {
  copyFileSync(file(`${cert}.crt`), file('tls.crt'));
  copyFileSync(file(`${key}.key`), file('tls.key'));
}

async function start(): Promise<{ running: Registry; lines: string[]; port: number }> {
  const lines: string[] = [];
  const log = (message: string, facts = {}) => void lines.push(`${message} ${JSON.stringify(facts)}`);
  const logger: Logger = { info: log, warn: log, error: log };
  const running = await registry({ tls: { cert: file('tls.crt'), key: file('tls.key') }, logger });
  return { running, lines, port: Number(new URL(running.url).port) };
}

async function open(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

async function nameAt(port: number): Promise<string> {
  const socket = await open(port);
  socket.end();
  return String(socket.getPeerCertificate().subject.CN);
}

test('a new certificate is presented to new connections, open ones go on; a broken one is refused and the old one stays', async () => {
  for (const name of ['one', 'two']) certificate(name);
  place('one');
  const { running, lines, port } = await start();
  expect(running.url).toMatch(/^https:/);
  // A client that checks.
  const curl = ['-sS', '--cacert', file('one.crt'), `https://localhost:${port}/health`, '--resolve', `localhost:${port}:127.0.0.1`];
  expect((await promisify(execFile)('curl', curl)).stdout).toBe('{"status":"ok"}');

  const before = await open(port);
  place('two', 'one');
  running.reload();
  expect(lines.at(-1)).toContain('the new certificate is refused, the old one stays');
  expect(lines.at(-1)).toContain('the key belongs to another certificate');
  expect(await nameAt(port)).toBe('one');
  writeFileSync(file('tls.crt'), 'not a certificate');
  running.reload();
  expect(lines.at(-1)).toContain('cannot be used with the key');
  expect(lines.join()).not.toContain(readFileSync(file('one.key'), 'utf8').split('\n')[1] ?? 'BEGIN');
  expect(await nameAt(port)).toBe('one');

  // Without a signal: the files are looked at.
  place('two');
  for (let time = 0; (await nameAt(port)) !== 'two'; time++) {
    expect(time).toBeLessThan(100);
    await sleep(100);
  }
  before.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [answer] = (await once(before, 'data')) as [Buffer];
  expect(answer.toString()).toContain('{"status":"ok"}');
}, 20_000);

test('TLS before 1.2 is refused', async () => {
  certificate('one');
  place('one');
  const { port } = await start();
  expect((await open(port, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
  await expect(open(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(/version/i);
});

/** What a server sends to a client that sends some text without TLS, until it ends the connection. */
async function answerInPlain(port: number, sent: string): Promise<string> {
  const socket = connectPlain(port, '127.0.0.1');
  socket.write(sent);
  return text(socket);
}

test('a client that speaks plain HTTP is told to use https, whatever its method, and others go on', async () => {
  certificate('one');
  place('one');
  const { port } = await start();
  const secure = await open(port);
  const body = 'this port speaks HTTPS: begin the URL with https:// instead of http://\n';
  for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH']) {
    // A large body that nobody has read would end the connection with a reset.
    const answer = await answerInPlain(port, `${method} /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody`);
    expect([method, answer]).toEqual([method, expect.stringMatching(/^HTTP\/1\.1 400 Bad Request\r\n/)]);
    expect(answer.split('\r\n\r\n')[1]).toBe(body);
  }
  const curl = ['-sS', '-w', '%{http_code}', `http://127.0.0.1:${port}/health`];
  expect((await promisify(execFile)('curl', curl)).stdout).toBe(`${body}400`);
  // What begins like TLS and is none gets TLS's own answer.
  expect(await answerInPlain(port, '\x16\x03\x01\x00\x04\x01\x00\x00\x00')).not.toContain('HTTP');
  secure.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await text(secure)).toContain('{"status":"ok"}');
});

test('what cannot be served with is an error of the start that names the file', async () => {
  await expect(start()).rejects.toThrow(`the certificate ${file('tls.crt')} cannot be read: `);
  for (const name of ['one', 'two']) certificate(name);
  place('one', 'two');
  await expect(start()).rejects.toThrow('the key belongs to another certificate');
});
