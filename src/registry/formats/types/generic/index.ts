import { type Format } from '../../format';
import { namesPage } from '../../web-page';
import { isFolder, mergeListings } from './listing';
import { answerRoute, covers, hasFile } from './routes';

const RELEASE = /^((?:.*\/)?)(?:InRelease|Release(?:\.gpg)?)$/;

/** Any files: nothing but the listing of a folder changes, unless the remote's patterns say so. A Debian release that changes takes its signature along. */
export const generic: Format = {
  packageType: 'generic',
  classify: (path) => (isFolder(path) ? 'mutable' : 'immutable'),
  mayBePage: (path) => !RELEASE.test(path) && namesPage(path),
  set(path) {
    const folder = RELEASE.exec(path)?.[1];
    return folder === undefined ? [path] : ['InRelease', 'Release', 'Release.gpg'].map((name) => folder + name);
  },
  routes: { strict: false, covers, about: (path) => path, answer: answerRoute },
  owns: { strict: false, has: hasFile },
  merge: { strict: false, covers: isFolder, make: mergeListings },
};
