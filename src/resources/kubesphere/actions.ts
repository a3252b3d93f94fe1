import { attr, AttributeError, defineAction, until, z } from '../../schema/define';
import { durationMilliseconds } from '../../common/duration';
import { attributes, workspace } from './attributes';
import { systemWorkspace } from './generations/calls';
import { getEvents, getRepositories, listRepositories, syncRepositories } from './rights';
import { serverOf } from './server';

const { name, syncTimeout, waitForSync } = attributes;
const inState = { refersTo: { type: 'kubesphere_app_repository', attribute: 'name' } } as const;

export const syncAppRepository = defineAction({
  type: 'kubesphere_sync_app_repository',
  description: 'Has the server read the index of an app repository now, and waits until it has. On KubeSphere 4 it needs version 4.1.3.',
  attributes: {
    name: attr(name.type, 'Name of the repository.', inState),
    workspace: attr(workspace.default(systemWorkspace), 'Workspace of the repository.'),
    waitForSync: attr(z.boolean().default(true), waitForSync.description),
    syncTimeout: attr(syncTimeout.type, syncTimeout.description),
  },
  needs: {
    invoke: [
      syncRepositories,
      { permission: getRepositories, when: 'on KubeSphere 4' },
      { permission: listRepositories, when: 'on KubeSphere 3' },
      { permission: getEvents, when: 'on KubeSphere 3' },
    ],
  },
  async invoke({ client, config, progress }) {
    const { generation } = await serverOf(client);
    const key = { name: config.name, workspace: config.workspace || undefined };
    const id = await generation.idOf(client, key, undefined);
    if (id === undefined)
      throw new AttributeError(`there is no app repository "${config.name}" in the workspace "${config.workspace}"; check both`, 'name');
    const mark = await generation.sync(client, key, id);
    if (!config.waitForSync) return progress(`told the server to sync "${config.name}"`);
    progress(`syncing "${config.name}"`);
    await until(client, {
      what: `the repository "${config.name}" to be synced`,
      advice: `Raise sync_timeout (${config.syncTimeout}) if it only takes longer, or set wait_for_sync = false. ${generation.syncNote}`,
      read: () => generation.isSynced(client, { key, id, mark }),
      within: durationMilliseconds(config.syncTimeout) ?? 0,
      pauses: [100, 200, 400, 800, 1600, 3000],
    });
    progress(`synced "${config.name}"`);
  },
  example: { name: { ref: 'kubesphere_app_repository.example.name' }, waitForSync: true },
});
