import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { openStore } from '../../../src/registry/store/store';
import { cleanUp, tempFolder } from '../helpers';
import { describePostgres, onServer, startPostgres } from '../postgres';

afterAll(cleanUp);

describePostgres(() => {
  let folder = '';
  let port = 0;

  beforeAll(async () => {
    folder = tempFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' });
    for (const file of [folder, key, cert]) {
      chmodSync(file, file === folder ? 0o755 : 0o600);
      if (process.getuid?.() === 0) chownSync(file, 65534, 65534);
    }
    const data = join(folder, 'server');
    ({ port } = await startPostgres(data, { ssl: 'on', ssl_key_file: key, ssl_cert_file: cert }));
    await onServer(port, async (client) => {
      await client.query(`create role app login password 'hush'`);
      await client.query('create database app owner app');
      writeFileSync(
        join(data, 'data', 'pg_hba.conf'),
        'host all registry 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n',
      );
      await client.query('select pg_reload_conf()');
    });
    expect(readFileSync(cert, 'utf8')).toContain('BEGIN CERTIFICATE');
  }, 60_000);

  const open = async (host: string, more: string, password = 'hush') => {
    const database = readDatabase(`postgresql://app:${password}@${host}:${port}/app?${more}`, {});
    const store = await openStore(tempFolder(), TABLES, { database });
    const { rows } = await store.metadata
      .tables<{ pg_stat_ssl: { pid: number; ssl: boolean } }>()
      .selectFrom('pg_stat_ssl')
      .select('ssl')
      .where('pid', '=', (eb) => eb.fn<number>('pg_backend_pid', []))
      .execute()
      .then((found) => ({ rows: found }));
    await store.close();
    return rows[0]?.ssl;
  };

  test('a certificate is verified with its host name, unless told otherwise', async () => {
    const ca = `sslrootcert=${encodeURIComponent(join(folder, 'cert.pem'))}`;
    await expect(open('localhost', 'sslmode=require')).rejects.toThrow(/self-signed certificate; check/);
    await expect(open('127.0.0.1', `sslmode=verify-full&${ca}`)).rejects.toThrow(/does not match certificate's altnames/);
    expect([
      await open('localhost', `sslmode=verify-full&${ca}`),
      await open('127.0.0.1', `sslmode=verify-ca&${ca}`),
      await open('127.0.0.1', 'sslmode=no-verify'),
    ]).toEqual([true, true, true]);
    await expect(open('localhost', 'sslmode=disable')).rejects.toThrow(/no pg_hba.conf entry/);
  });

  test('a wrong password is named, without any', async () => {
    const failed = open('127.0.0.1', 'sslmode=no-verify', 'wrong-hush');
    await expect(failed).rejects.toThrow(/password authentication failed for user "app"; check the user "app" and its password$/);
    await expect(failed).rejects.not.toThrow(/hush/);
  });
});
