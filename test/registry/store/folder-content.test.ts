import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrateStore } from '../../../src/registry/maintenance/migrate';
import { TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { openStore } from '../../../src/registry/store/store';
import { addLocal, findings, quiet, upload } from '../maintenance/support';
import { addRemote, afterwards, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { databaseOf, describePostgres } from '../postgres';

afterEach(cleanUp);

describePostgres(() => {
  /** Opens the store of a database as the commands do, with a folder that may be another one than its own. */
  async function opened(own: string, folder: string, folderOption?: string) {
    const store = await openStore(folder, TABLES, { database: readDatabase(await databaseOf(own), {}), folderOption });
    afterwards(() => store.close());
    return store;
  }

  test('a folder without content is refused where the database has files that are kept in another one', async () => {
    const [own, wrong] = [tempFolder(), join(tempFolder(), 'wrong')];
    const first = await registry({ data: own });
    await addLocal(first.url, 'files');
    // Nothing is lacking yet: with nothing stored, a folder is as good as another.
    await (await opened(own, tempFolder())).close();
    expect(await upload(first.url, 'x', 'content')).toBe(201);
    const databaseUrl = await databaseOf(own);
    const none = (option: string) =>
      `the data folder ${wrong} has none of the content of this database; name the folder that has it with ${option}, or create ${join(wrong, 'blobs')} if the content is lost`;
    await expect(registry({ data: wrong, databaseUrl })).rejects.toThrow(none('--data'));
    await expect(opened(own, wrong)).rejects.toThrow(none('--data'));
    await expect(opened(own, wrong, '--from')).rejects.toThrow(none('--from'));
    expect(readdirSync(wrong)).toEqual([]);

    // Another replica with the same folder starts, and so does the next one.
    const second = await registry({ data: own });
    expect((await call('GET', `${second.url}/api/v1/local/files/x`)).text).toBe('content');
    await Promise.all([first.close(), second.close()]);
    expect(await findings(await opened(own, own))).toEqual([]);
    mkdirSync(join(wrong, 'blobs'));
    expect(await findings(await opened(own, wrong))).toHaveLength(1);
  });

  test('a registry that has only cached files starts with an empty folder and fetches them again; commands do not take that for its folder', async () => {
    const [own, empty] = [tempFolder(), tempFolder()];
    const files = await upstream((_request, response) => response.end('cached'));
    const first = await registry({ data: own });
    await addRemote(first.url, { name: 'r', base_url: files.url });
    const get = async (url: string) => (await call('GET', `${url}/api/v1/remote/r/x`)).text;
    expect(await get(first.url)).toBe('cached');
    await first.close();
    await expect(opened(own, empty, '--from')).rejects.toThrow('name the folder that has it with --from');
    const target = await openTestStore(tempFolder());
    expect(await migrateStore(await opened(own, own), target, quiet)).toMatchObject({ blobs: 1 });
    const again = await registry({ data: empty, databaseUrl: await databaseOf(own) });
    expect(await get(again.url)).toBe('cached');
    expect(files.requests).toHaveLength(2);
    await again.close();
    expect(existsSync(join(empty, 'blobs'))).toBe(true);
  });
});
