import { type ClientFormat, hostOf, isPlain, urlOf } from './target';

/** pip asks to be told of servers without TLS. */
export const pip: ClientFormat = {
  name: 'pip',
  packageType: 'pypi',
  file: 'pip.conf',
  text: (target) => `[global]\nindex-url = ${urlOf(target)}/simple/\n${isPlain(target) ? `trusted-host = ${hostOf(target)}\n` : ''}`,
};
