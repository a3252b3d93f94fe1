import { type Format } from '../format';
import { readObject } from '../json';
import { namesVersion } from '../versions';

const isApi = (path: string) => /^v3\/(?:modules|releases|users)(?:\/|$)/.test(path);

/** Puppet modules. */
export const puppet: Format = {
  packageType: 'puppet',
  classify: (path) =>
    path.endsWith('.tar.gz') && namesVersion(path) && !/^v3\/(?:modules\/|releases)/.test(path) ? 'immutable' : 'mutable',
  check: { covers: isApi, read: ({ body }) => void readObject(body, 'an answer of a Puppet forge') },
};
