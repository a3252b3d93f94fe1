import { type ClientFormat, urlOf } from './target';

/** For dnf and yum. */
export const dnf: ClientFormat = {
  name: 'dnf',
  packageType: 'rpm',
  file: '/etc/yum.repos.d/<name>.repo',
  text: (target) => `[${target.name}]\nname=${target.name}\nbaseurl=${urlOf(target)}/\nenabled=1\ngpgcheck=1\n`,
};
