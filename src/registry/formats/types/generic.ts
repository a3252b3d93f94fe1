import { type Format } from '../format';
import { namesPage } from '../page';

const RELEASE = /^((?:.*\/)?)(?:InRelease|Release(?:\.gpg)?)$/;

/** Any files: nothing ever changes, unless the remote's patterns say so. A Debian release that changes takes its signature along. */
export const generic: Format = {
  packageType: 'generic',
  classify: () => 'immutable',
  mayBePage: (path) => !RELEASE.test(path) && namesPage(path),
  set(path) {
    const folder = RELEASE.exec(path)?.[1];
    return folder === undefined ? [path] : ['InRelease', 'Release', 'Release.gpg'].map((name) => folder + name);
  },
};
