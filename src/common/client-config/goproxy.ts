import { type ClientFormat, urlOf } from './target';

/** No `direct` after it: a module that the proxy refuses must not be fetched past it. */
export const goproxy: ClientFormat = {
  name: 'goproxy',
  packageType: 'goproxy',
  file: 'the environment, or the file of `go env GOENV`',
  text: (target) => `GOPROXY=${urlOf(target)}\n`,
};
