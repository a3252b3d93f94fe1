import { type ClientFormat, urlOf } from './target';

/** For `puppet module install`. */
export const puppet: ClientFormat = {
  name: 'puppet',
  packageType: 'puppet',
  file: 'puppet.conf',
  text: (target) => `[main]\nmodule_repository = ${urlOf(target)}\n`,
};
