import { type ClientFormat, urlOf } from './target';

/** One line for one repository. */
export const apk: ClientFormat = {
  name: 'apk',
  packageType: 'alpine',
  file: '/etc/apk/repositories',
  text: (target) => `${urlOf(target)}\n`,
};
