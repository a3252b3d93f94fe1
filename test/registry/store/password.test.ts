import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRegistry } from '../../../src/registry/server';
import { addRemote, call, cleanUp, registry, tempFolder } from '../helpers';
import { describePostgres, onServer, startPostgres, urlOf } from '../postgres';

afterEach(cleanUp);

describePostgres(() => {
  test('a password that is wrong, or becomes wrong, is named and shown nowhere: not in errors, logs, answers or probes', async () => {
    const folder = join(tmpdir(), `repoform-postgres-password-${process.pid}`);
    const server = await startPostgres(folder);
    await onServer(server.port, async (client) => {
      await client.query("create role clerk superuser login password 'right-hush'");
      const rules = ['host all registry 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256', ''];
      writeFileSync(join(folder, 'data', 'pg_hba.conf'), rules.join('\n'));
      await client.query('select pg_reload_conf()');
    });
    const urlWith = (password: string) => urlOf(server.port).replace('registry@', `clerk:${password}@`);
    const seen: unknown[] = [];
    for (const [password, reason] of [
      ['wrong-hush', 'password authentication failed for user "clerk"'],
      ['', 'it requires a password, and none is given'],
    ] as const) {
      const refused = startRegistry({ port: 0, data: tempFolder(), databaseUrl: urlWith(password) });
      const failure: Error = await refused.then(
        () => new Error('started'),
        (cause: unknown) => cause as Error,
      );
      expect(failure.message).toBe(
        `the database postgres at 127.0.0.1:${server.port} cannot be used: ${reason}; check the user "clerk" and its password`,
      );
      seen.push(failure.message, failure.stack, Object.entries(failure), failure.cause);
    }

    const log = (...all: unknown[]) => void seen.push(all);
    const logger = { info: log, warn: log, error: log };
    const running = await registry({ data: tempFolder(), databaseUrl: urlWith('right-hush'), logger });
    await addRemote(running.url, { name: 'own', repo_type: 'local' });
    await onServer(server.port, async (client) => {
      await client.query("alter role clerk password 'another'");
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk'");
    });
    const ready = () => call('GET', `${running.url}/readyz`);
    for (const end = Date.now() + 8000; (await ready()).status === 200 && Date.now() < end;) await sleep(50);
    await sleep(1200);
    const answers = [await ready(), await call('GET', `${running.url}/api/v2/health`), await call('GET', `${running.url}/api/v2/remotes`)];
    for (const { status, text } of answers)
      expect([status, text]).toEqual([503, expect.stringContaining('the database cannot be reached')]);
    seen.push(
      running.database,
      answers.map(({ text }) => text),
    );
    expect(JSON.stringify(seen)).toContain('password authentication failed for user');
    expect(JSON.stringify(seen)).not.toMatch(/hush|another/);
    await onServer(server.port, (client) => client.query("alter role clerk password 'right-hush'"));
    for (const end = Date.now() + 8000; (await ready()).status !== 200 && Date.now() < end;) await sleep(50);
    expect((await call('GET', `${running.url}/api/v2/remotes`)).status).toBe(200);
  }, 60_000);
});
