import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describePostgres, onServer, startPostgres } from '../registry/postgres';
import { BuiltCommand } from './command';

const ROLE = { DBUSER: 'app', DBPASS: 'p@ss/w%rd', DBNAME: 'artifacts_of_app' };

describePostgres(() => {
  let command: BuiltCommand;
  let server: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    command = new BuiltCommand();
    server = await startPostgres(join(tmpdir(), `repoform-postgres-parts-${process.pid}`));
    await onServer(server.port, async (client) => {
      await client.query(`create role ${ROLE.DBUSER} login password '${ROLE.DBPASS}'`);
      await client.query(`create database ${ROLE.DBNAME} owner ${ROLE.DBUSER}`);
      const rules = ['host all registry 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256', 'local all all scram-sha-256', ''];
      writeFileSync(join(server.folder, 'data', 'pg_hba.conf'), rules.join('\n'));
      await client.query('select pg_reload_conf()');
    });
  }, 60_000);
  afterAll(() => command.remove());

  const start = (parts: Readonly<Record<string, string>>, data: string) =>
    command.start(['registry', '--port', '0', '--data', data], { DATABASE_URL: '', ...parts });

  test.each(['a host', 'the folder of a socket'])(
    'a registry runs on the database that DBHOST and its companions name: %s',
    async (kind) => {
      const parts = { ...ROLE, DBHOST: kind === 'a host' ? '127.0.0.1' : server.folder, DBPORT: String(server.port) };
      // Both use one database, and so one folder.
      const registry = start(parts, 'shared');
      const base = await registry.line(/^The registry runs at (http:\S+)/m);
      const name = kind === 'a host' ? 'host' : 'socket';
      const body = JSON.stringify({ name, repo_type: 'local', package_type: 'generic' });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${base}/api/v2/remotes`, { method: 'POST', headers, body })).status).toBe(201);
      expect((await fetch(`${base}/api/v2/remotes/${name}/files/a`, { method: 'PUT', body: 'content' })).status).toBe(201);
      expect(await (await fetch(`${base}/api/v1/local/${name}/a`)).text()).toBe('content');
      const own = new Client({ host: '127.0.0.1', port: server.port, user: ROLE.DBUSER, password: ROLE.DBPASS, database: ROLE.DBNAME });
      await own.connect();
      const { rows: files } = await own.query('select path from local_files where repo = $1', [name]);
      const { rows: users } = await own.query(
        "select distinct usename, (client_addr is null) as by_socket from pg_stat_activity where application_name = 'repoform'",
      );
      await own.end();
      expect([files, users]).toEqual([[{ path: 'a' }], [{ usename: ROLE.DBUSER, by_socket: kind !== 'a host' }]]);
      registry.signal('SIGTERM');
      expect(await registry.ended).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test('commands that read refuse a database without a registry, and make no tables in it', async () => {
    await onServer(server.port, (client) => client.query(`create database typo owner ${ROLE.DBUSER}`));
    const parts = { ...ROLE, DBHOST: '127.0.0.1', DBPORT: String(server.port), DBNAME: 'typo', DATABASE_URL: '' };
    const refused = `repoform: there is no registry in the database typo at 127.0.0.1:${server.port}; check the name of the database, and of the schema if you set one\n`;
    for (const words of ['token list', 'token revoke ci', 'audit', 'gc --dry-run', 'fsck', 'export -o archive.tar']) {
      const { code, stdout, stderr } = await command.start(['registry', ...words.split(' ')], parts).ended;
      expect([words, code, stdout, stderr]).toEqual([words, 1, '', refused]);
    }
    const own = new Client({ host: '127.0.0.1', port: server.port, user: ROLE.DBUSER, password: ROLE.DBPASS, database: 'typo' });
    await own.connect();
    const { rows } = await own.query("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
    await own.end();
    expect(rows).toEqual([]);
    // The first token may be made before the registry is started.
    expect((await command.start(['registry', 'token', 'create', 'ci', '--scope', 'read:*'], parts).ended).code).toBe(0);
    expect((await command.start(['registry', 'token', 'revoke', 'ci'], parts).ended).code).toBe(0);
    const { stdout } = await command.start(['registry', 'token', 'list'], parts).ended;
    expect(stdout).toBe(`There are no tokens in the database typo at 127.0.0.1:${server.port}.\n`);
  });

  test('a wrong DBPASS is named without being shown', async () => {
    const parts = { ...ROLE, DBHOST: '127.0.0.1', DBPORT: String(server.port), DBPASS: 'hush' };
    const { code, stdout, stderr } = await start(parts, 'refused').ended;
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `repoform: the registry cannot start: the database artifacts_of_app at 127.0.0.1:${server.port} cannot be used: password authentication failed for user "app"; check the user "app" and its password\n`,
    ]);
  });
});
