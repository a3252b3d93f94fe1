import Negotiator from 'negotiator';
import { upstreamPath } from '../../../proxy/canonical';
import { type Format, type IndexRequest, type MemberDocument, type UpstreamDocument } from '../../format';
import { refusePage } from '../../page';
import { ABBREVIATED, mergePackages, readDocument, rewriteVersionDocument, toldOf } from './packument';
import { isTarball, readPath } from './paths';

const isDocument = (path: string) => ['package', 'version'].includes(readPath(path).kind);
const isAudit = (path: string) => /^-\/npm\/v1\/security\/(?:advisories\/bulk|audits(?:\/quick)?)$/.test(path);
/** What is asked for where the whole document is wanted. */
const WHOLE = 'application/json';

/** npm packages. */
export const npm: Format = {
  packageType: 'npm',
  classify: (path) => (isTarball(path) ? 'immutable' : 'mutable'),
  // A scope and a name, which clients write as one segment.
  encodedSlash: /^@[^/]+\/[^/]+$/,
  encode,
  variant: (path, accept) => (readPath(path).kind === 'package' && isAbbreviatedWanted(accept) ? ABBREVIATED : ''),
  check: { covers: (path) => isDocument(path) || path.startsWith('-/'), read: checkDocument },
  told: {
    strict: false,
    by(path) {
      const asked = readPath(path);
      return asked.kind === 'told' ? { path: asked.name, accept: ABBREVIATED } : undefined;
    },
    read: toldOf,
  },
  forward: { strict: false, covers: (method, path) => method === 'POST' && isAudit(path) },
  merge: { strict: false, covers: isDocument, accept: wishOf, make },
  rewrite: { strict: false, covers: isDocument, accept: wishOf, make: (request, member) => make(request, [member]) },
};

function make(request: IndexRequest, members: readonly MemberDocument[]) {
  return readPath(request.path).kind === 'version' ? rewriteVersionDocument(request, members) : mergePackages(request, members);
}

function checkDocument(document: UpstreamDocument): void {
  if (isDocument(document.path)) readDocument(document.path, document.body);
  else refusePage(document, 'an answer of an npm registry');
}

/** A wish for the abbreviated document, where that weighs most; upstreams are asked for one of two things whatever a client writes. */
function isAbbreviatedWanted(accept: string): boolean {
  if (!accept.includes(ABBREVIATED)) return false;
  return new Negotiator({ headers: { accept } }).mediaType([ABBREVIATED, WHOLE]) === ABBREVIATED;
}

/** Upstreams are asked for JSON whatever a browser would like to see. */
function wishOf(accept: string): string {
  return isAbbreviatedWanted(accept) ? accept : '*/*';
}

/** Documents are asked for with scope and name as one segment, which every registry takes; files as their links have it. */
function encode(path: string): string {
  const plain = upstreamPath(path, {});
  return isDocument(path) || path.startsWith('-/') ? plain.replace(/(^|\/)(@[^/]+)\//, '$1$2%2f') : plain;
}
