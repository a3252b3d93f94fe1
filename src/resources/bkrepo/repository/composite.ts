import * as z from 'zod';
import { error, warning } from '../../../common/diagnostic';
import { isList, isRecord, UNKNOWN } from '../../../common/value';
import { attr } from '../../../schema/define/attribute';
import type { Check } from '../../../schema/define/resource';
import { secret } from '../../../schema/define/types';
import { forceDestroy, deleteGuard } from './delete-guard';
import { channel, repositoryOf, upstreamAttributes } from './shared';
import { proxying, types } from './types';

const checkChannels: Check = ({ type, channels }) => {
  if (!isList(channels)) return [];
  const stub =
    channels.length > 0 && typeof type === 'string' && !(proxying as readonly string[]).includes(type)
      ? [
          error(
            'Invalid Attribute Value',
            `"channels": the server has only a stub for upstreams of ${type} repositories; types with upstreams are ${proxying.join(', ')}.`,
            ['channels'],
          ),
        ]
      : [];
  const names = channels.map((one) => (isRecord(one) ? one['name'] : undefined));
  const repeated = names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) < index
      ? [
          error('Invalid Attribute Value', `"name": the channel "${name}" is repeated; names are unique in a repository.`, [
            'channels',
            index,
            'name',
          ]),
        ]
      : [],
  );
  return [...stub, ...repeated];
};

/** A password whose channel is misspelled goes nowhere, and the channel has none. */
const checkPasswords: Check = ({ channels, channel_passwords: plain, channel_passwords_wo: writeOnly }) => {
  const names = isList(channels) ? channels.map((one) => (isRecord(one) ? one['name'] : UNKNOWN)) : [UNKNOWN];
  if (names.includes(UNKNOWN)) return [];
  return Object.entries({ channel_passwords: plain ?? null, channel_passwords_wo: writeOnly ?? null }).flatMap(([attribute, passwords]) =>
    (isRecord(passwords) ? Object.keys(passwords) : [])
      .filter((name) => !names.includes(name))
      .map((name) =>
        warning('Password Without Channel', `"${attribute}": no channel has the name "${name}", so its password is sent to none.`, [
          attribute,
        ]),
      ),
  );
};

export const compositeRepository = repositoryOf({
  name: 'COMPOSITE',
  secrets: true,
  description: 'A repository for packages of your own that fetches from upstreams what it does not have.',
  types,
  attributes: {
    channels: attr(z.array(channel).default([]), 'Upstreams, in the order in which they are asked.', {
      api: 'configuration.proxy.channelList',
    }),
    ...secret('channelPasswords', 'Passwords at the upstreams, by the names of the channels; a channel without one in it has none.', {
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
