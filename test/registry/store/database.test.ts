import { nameOf, readDatabase } from '../../../src/registry/store/postgres/target';
import { tempFolder } from '../helpers';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

const shown = (url: string | undefined, environment: Record<string, string> = {}) => {
  const target = readDatabase(url, environment);
  return target && { ...target, password: target.password.reveal() };
};
const here = { host: 'localhost', port: 5432, user: 'artifacts', password: '', database: 'artifacts', tls: false };
const there = { ...here, host: 'db.example.com', tls: { rejectUnauthorized: true } };

test.each([
  ['nothing', undefined, {}, undefined],
  ['a host', undefined, { DBHOST: 'localhost' }, here],
  ['another host', undefined, { DBHOST: 'db.example.com' }, there],
  [
    'all parts',
    undefined,
    { DBHOST: 'db.example.com', DBPORT: '6432', DBUSER: 'u', DBPASS: 'p/w', DBNAME: 'd', DBSSL: 'false' },
    { host: 'db.example.com', port: 6432, user: 'u', password: 'p/w', database: 'd', tls: false },
  ],
  ['a password by its other name', undefined, { DBHOST: 'localhost', DBPASSWORD: 'p' }, { ...here, password: 'p' }],
  ['TLS on this machine', undefined, { DBHOST: 'localhost', DBSSL: 'true' }, { ...here, tls: { rejectUnauthorized: true } }],
  ['a URL before parts', undefined, { DATABASE_URL: 'postgres://artifacts@localhost/artifacts', DBHOST: 'other' }, here],
  ['an option before variables', 'postgresql://artifacts@localhost/artifacts', { DATABASE_URL: 'postgres://x@other/y' }, here],
  ['an empty variable', undefined, { DATABASE_URL: '' }, undefined],
  ['what a URL escapes', 'postgresql://a%40b:p%2Fw%3A@localhost/d%20e', {}, { ...here, user: 'a@b', password: 'p/w:', database: 'd e' }],
  ['IPv6', 'postgresql://artifacts@[::1]:6432/artifacts', {}, { ...here, host: '::1', port: 6432 }],
  ['a Unix socket', 'postgresql://artifacts@localhost/artifacts?host=/run/postgresql', {}, { ...here, host: '/run/postgresql' }],
  [
    'no verification',
    'postgresql://artifacts@db.example.com/artifacts?sslmode=no-verify',
    {},
    { ...there, tls: { rejectUnauthorized: false } },
  ],
  ['require', 'postgresql://artifacts@db.example.com/artifacts?sslmode=require', {}, there],
])('%s', (...[, url, environment, expected]) => {
  const found = shown(url, environment as Record<string, string>);
  expect(found && { ...found, options: undefined }).toEqual(expected && { ...expected, options: undefined });
});

test.each([
  ['mysql://u:hush@h/d', /^the database URL \(--database-url, DATABASE_URL\) is not a PostgreSQL URL; write it like postgresql:/],
  ['u:hush@h/d', /^the database URL \(--database-url, DATABASE_URL\) is not a PostgreSQL URL/],
  ['postgresql://u:hush@h/', /^the database URL \(--database-url, DATABASE_URL\) names no database/],
  ['postgresql://:hush@h/d', /^the database URL \(--database-url, DATABASE_URL\) names no user/],
  [
    'postgresql://u:hush%@h/d',
    /^the database URL \(--database-url, DATABASE_URL\) has a "%" that begins no percent-encoding; write it as %25$/,
  ],
  [
    'postgresql://u:hush@h/d?sslmode=prefer',
    /sslmode: unknown mode "prefer"; expected one of disable, require, verify-ca, verify-full, no-verify$/,
  ],
  ['postgresql://u:hush@h/d?schema=x', /unknown parameter "schema"; expected one of sslmode,/],
  ['postgresql://u:hush@h/d?sslrootcert=/nowhere/ca.pem', /^sslrootcert: cannot read "\/nowhere\/ca.pem": ENOENT/],
])('%s is refused in words, without its password', (url, words) => {
  expect(() => readDatabase(url, {})).toThrow(words);
  expect(() => readDatabase(url, {})).not.toThrow(/hush/);
});

test('certificates are read, a host is only left unverified where that is asked for, and names have no secrets', () => {
  const ca = join(tempFolder(), 'ca.pem');
  writeFileSync(ca, 'PEM');
  const target = readDatabase(`postgresql://u:hush@db.example.com/d?sslmode=verify-ca&sslrootcert=${ca}`, {})!;
  expect(target.tls).toEqual({ ca: 'PEM', rejectUnauthorized: true, checkServerIdentity: expect.any(Function) as unknown });
  expect([nameOf(target), JSON.stringify(target).includes('hush')]).toEqual(['d at db.example.com:5432', false]);
});
