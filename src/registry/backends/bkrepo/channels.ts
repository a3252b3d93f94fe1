import { channelsOf, channelUrl, type Channel } from './configuration';
import { type Configuration, type ProxyChannel, type Repository } from './model';
import { type BkTables, keyOf } from './tables';

/** Reconciles the channels of a repository with its configuration; a new credentials key does not change an existing channel. */
export async function syncChannels(tables: BkTables, repository: Repository, configuration: Configuration): Promise<void> {
  const scope = keyOf(repository.projectId, repository.name);
  const wanted = new Map(channelsOf(configuration).map((channel) => [channel.name.trim(), channel]));
  for (const old of await tables.channels.within(scope)) {
    const id = keyOf(scope, old.name);
    const channel = wanted.get(old.name);
    wanted.delete(old.name);
    if (!channel) await tables.channels.remove(id);
    else await tables.channels.replace(id, { ...old, ...fieldsOf(channel), credentialKey: old.credentialKey });
  }
  for (const [name, channel] of wanted) {
    const place = { projectId: repository.projectId, repoName: repository.name, repoType: repository.type, name };
    const document: ProxyChannel = { ...place, ...fieldsOf(channel), credentialKey: channel.credentialKey };
    await tables.channels.insert({ id: keyOf(scope, name), scope }, document);
  }
}

function fieldsOf({ public: isPublic, url, username, password }: Channel) {
  return { public: isPublic, url: channelUrl(url), username, password };
}
