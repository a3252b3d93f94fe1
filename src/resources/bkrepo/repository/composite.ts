import * as z from 'zod';
import { error } from '../../../common/diagnostic';
import { isList, isRecord } from '../../../common/value';
import { attr } from '../../../schema/attribute';
import type { Check } from '../../../schema/resource';
import { secret } from '../../../schema/types';
import { forceDestroy, holdings } from './holdings';
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
  holdings,
  checks: [checkChannels],
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
