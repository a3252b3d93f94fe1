import { upstreamPath } from '../../../proxy/canonical';
import { type Format, type UpstreamDocument } from '../../format';
import { readObject } from '../../json';
import { inspectFile, uploadProblem } from './archive';
import { answerRoute, hasModule, merge } from './local';
import { escaped, readPath } from './paths';

/** A version as modules have it: `v1.2.3`, with what may follow, and upper case written as `!` and lower case. */
const VERSION = String.raw`v(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.!-]+)?(?:\+incompatible)?`;
const ONE_VERSION = new RegExp(String.raw`/@v/${VERSION}\.(?:info|mod|zip|ziphash)$`);
/** A tile of the checksum database is one for ever, a part of one too: it is named after how much of it there is. */
const TILE = /(?:^|\/)sumdb\/[^/]+\/tile\/\d+\/(?:data|\d+)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d+)?$/;
const isInfo = (path: string) => /\/@v\/[^/]+\.info$|\/@latest$/.test(path);
const isList = (path: string) => path.endsWith('/@v/list');
const isIndex = (path: string) => ['list', 'latest'].includes(readPath(path).kind);

/** Go modules. A version never changes; a branch, a short version and `@latest` do. */
export const goproxy: Format = {
  packageType: 'goproxy',
  classify: (path) => (ONE_VERSION.test(path) || TILE.test(path) ? 'immutable' : 'mutable'),
  canonical: escaped,
  // Versions such as v2.0.0+incompatible are asked for as they are.
  encode: (path) => upstreamPath(path, {}).replaceAll('%2B', '+'),
  mayBePage: () => false,
  check: { covers: (path) => isInfo(path) || isList(path), read: checkDocument },
  upload: {
    strict: false,
    check(given) {
      const path = escaped(given);
      const reason = uploadProblem(path);
      return reason === undefined ? { path } : { reason };
    },
  },
  inspect: { strict: false, covers: (path) => readPath(path).kind === 'file', read: inspectFile },
  routes: { strict: false, covers: (method) => method === 'GET', about: (path) => path, answer: answerRoute },
  owns: { strict: false, has: hasModule },
  merge: { strict: false, covers: isIndex, make: ({ path }, members) => merge(path, members) },
};

function checkDocument({ path, body }: UpstreamDocument): void {
  if (isInfo(path)) {
    if (typeof readObject(body, 'what is known of a Go version')['Version'] === 'string') return;
    throw new Error('not the info of a Go version: it has no Version');
  }
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const other = lines.find((line) => !/^v\d/.test(line));
  if (other !== undefined) throw new Error('not a list of Go versions: a line is not a version');
}
