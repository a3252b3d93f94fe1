import { type ClientFormat, urlOf } from './target';

/** `replace-registry-host` is for servers that pass on the upstream's tarball URLs as they are. */
export const npmrc: ClientFormat = {
  name: 'npmrc',
  packageType: 'npm',
  file: '.npmrc',
  text: (target) => `registry=${urlOf(target)}/\nreplace-registry-host=always\n`,
};
