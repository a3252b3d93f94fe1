import { attr, type Diagnostic, error, known, type MaybeUnknown, present, secret, warning, z } from '../../../schema/define';
import { deleteGuard, forceDestroy } from './delete-guard';
import { channel, repositoryOf, upstreamAttributes } from './shared';
import { proxying, types } from './types';

interface Channels {
  readonly type: MaybeUnknown<string | undefined>;
  readonly channels: MaybeUnknown<readonly { readonly name: string | undefined }[] | undefined>;
}

/** The names of the channels, which may be unknown. */
const namesOf = (channels: Channels['channels']): (string | undefined)[] =>
  (present(channels) ?? []).map((one) => known(present(one)?.name));

function checkChannels({ type: given, channels }: Channels): Diagnostic[] {
  const type = known(given);
  const names = namesOf(channels);
  const stub = `"channels": the server has only a stub for upstreams of ${type} repositories; types with upstreams are ${proxying.join(', ')}.`;
  const isStub = names.length > 0 && type !== undefined && !proxying.some((one) => one === type);
  const repeated = names.flatMap((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return [];
    const detail = `"name": the channel "${name}" is repeated; channel names must be unique in a repository.`;
    return [error('Invalid Attribute Value', detail, ['channels', index, 'name'])];
  });
  return [...(isStub ? [error('Invalid Attribute Value', stub, ['channels'])] : []), ...repeated];
}

interface Passwords extends Channels {
  readonly channelPasswords: MaybeUnknown<Readonly<Record<string, string>> | undefined>;
  readonly channelPasswordsWo: MaybeUnknown<Readonly<Record<string, string>> | undefined>;
}

/** A password whose channel is misspelled goes nowhere, and the channel has none. */
function checkPasswords({ channels, channelPasswords, channelPasswordsWo }: Passwords): Diagnostic[] {
  const names = namesOf(channels);
  if (present(channels) === undefined || names.includes(undefined)) return [];
  return Object.entries({ channel_passwords: channelPasswords, channel_passwords_wo: channelPasswordsWo }).flatMap(
    ([attribute, passwords]) =>
      Object.keys(present(passwords) ?? {})
        .filter((name) => !names.includes(name))
        .map((name) =>
          warning(
            'Password Without Channel',
            `"${attribute}": no channel is named "${name}", so its password is not sent. Correct the name, or remove the password.`,
            [attribute],
          ),
        ),
  );
}

export const compositeRepository = repositoryOf({
  name: 'COMPOSITE',
  clients: 'local',
  secrets: true,
  description: 'A repository for your own packages that fetches missing ones from upstreams.',
  types,
  attributes: {
    channels: attr(z.array(channel).default([]), 'Upstreams, in the order in which they are queried.', {
      api: 'configuration.proxy.channelList',
      impact: 'order',
    }),
    ...secret('channelPasswords', 'Passwords for the upstreams, by channel name; a channel that is not listed has none.', {
      type: z.record(z.string(), z.string()),
      api: 'channelPasswords',
    }),
    ...upstreamAttributes('configuration.proxy'),
    forceDestroy,
  },
  deleteGuard,
  checks: [checkChannels, checkPasswords],
  example: {
    minimal: { type: 'MAVEN' },
    full: {
      channels: [
        { name: 'central', url: 'https://maven.example.com/maven2' },
        { name: 'partner', url: 'https://partner.example.com/maven', public: false, username: 'reader' },
      ],
      cacheExpiration: 1440,
      settings: { checksumPolicy: 0, snapshotBehavior: 1, maxUniqueSnapshots: 5 },
      forceDestroy: true,
    },
  },
});
