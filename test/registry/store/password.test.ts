import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRegistry } from '../../../src/registry/server';
import { addRemote, call, cleanUp, registry, tempFolder } from '../helpers';
import { describePostgres, onServer, startPostgres, takeAway, urlOf } from '../postgres';

afterEach(cleanUp);

describePostgres(() => {
  test('why a database is away is in the log, as is the end of it; a password that is wrong is in no error, log, answer or probe', async () => {
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
    const told: unknown[] = [];
    const tell = (message: string, { reason }: Readonly<Record<string, unknown>> = {}) => {
      log(message, reason);
      if (message.startsWith('the database')) told.push([message, reason]);
    };
    const logger = { info: log, warn: tell, error: tell };
    const running = await registry({ data: tempFolder(), databaseUrl: urlWith('right-hush'), logger });
    await addRemote(running.url, { name: 'own', repo_type: 'local' });
    await onServer(server.port, async (client) => {
      await client.query("alter role clerk password 'another'");
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk'");
    });
    const ready = () => call('GET', `${running.url}/readyz`);
    const until = async (status: number, lines: number) => {
      for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50))
        if ((await ready()).status === status && told.length >= lines) return;
    };
    await until(503, 2);
    const answers = [await ready(), await call('GET', `${running.url}/api/v2/health`), await call('GET', `${running.url}/api/v2/remotes`)];
    for (const { status, text } of answers)
      expect([status, text]).toEqual([503, expect.stringContaining('the database cannot be reached')]);
    seen.push(
      running.database,
      answers.map(({ text }) => text),
    );
    expect(JSON.stringify(seen)).not.toMatch(/hush|another/);
    await onServer(server.port, (client) => client.query("alter role clerk password 'right-hush'"));
    await until(200, 3);
    expect((await call('GET', `${running.url}/api/v2/remotes`)).status).toBe(200);
    expect(told).toEqual([
      ['the database cannot be used', 'terminating connection due to administrator command'],
      ['the database still cannot be used', 'password authentication failed for user "clerk"'],
      ['the database can be used again', undefined],
    ]);

    told.length = 0;
    const giveBack = takeAway(server, 'refuses');
    await until(503, 2);
    giveBack();
    await until(200, 3);
    expect(told).toEqual([
      ['the database cannot be used', 'terminating connection due to administrator command'],
      ['the database still cannot be used', expect.stringContaining(`connect ECONNREFUSED 127.0.0.1:${server.port}`)],
      ['the database can be used again', undefined],
    ]);
  }, 60_000);
});
