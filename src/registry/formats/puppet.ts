import { type Format } from './format';

/** Puppet modules. */
export const puppet: Format = {
  packageType: 'puppet',
  classify: (path) => (path.endsWith('.tar.gz') && !/^v3\/(?:modules\/|releases)/.test(path) ? 'immutable' : 'mutable'),
};
