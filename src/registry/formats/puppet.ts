import { type Format } from './format';
import { namesVersion } from './versions';

/** Puppet modules. */
export const puppet: Format = {
  packageType: 'puppet',
  classify: (path) =>
    path.endsWith('.tar.gz') && namesVersion(path) && !/^v3\/(?:modules\/|releases)/.test(path) ? 'immutable' : 'mutable',
};
