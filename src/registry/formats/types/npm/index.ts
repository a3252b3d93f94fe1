import { upstreamPath } from '../../../proxy/canonical';
import { type Format, type IndexRequest, type MemberDocument, type UpstreamDocument } from '../../format';
import { refusePage } from '../../web-page';
import { auditWithout, isAudit } from './audit';
import { ABBREVIATED, isAbbreviatedWanted, mergePackages, mergeTags, readDocument, rewriteVersionDocument, toldOf } from './packument';
import { digestsIn } from './digests';
import { isTarball, packageOf, readPath } from './paths';
import { about, answerRoute, covers, does, hasPackage, problem } from './routes';
import { isOwn } from './package-file';
import { mergeSearches } from './search';

const isDocument = (path: string) => ['package', 'version'].includes(readPath(path).kind);
const isSearch = (path: string) => path === '-/v1/search';
const isTags = (path: string) => /^-\/package\/.*\/dist-tags$/.test(path);
const isAuditRequest = (method: string, path: string) => method === 'POST' && isAudit(path);

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
  listed: {
    strict: false,
    by(path) {
      const name = packageOf(path);
      return name === undefined ? [] : [{ path: name, accept: ABBREVIATED }, { path: name }];
    },
    read: (document) => digestsIn(document, npm),
  },
  forward: { strict: false, covers: isAuditRequest, without: auditWithout },
  upload: { strict: false, check: (path) => (isOwn(path) ? { reason: `${path} is reserved for the registry` } : { path }) },
  routes: {
    strict: false,
    covers,
    about,
    does: (method, path) => (isAuditRequest(method, path) ? 'read' : does(method, path)),
    answer: answerRoute,
  },
  owns: { strict: false, has: hasPackage },
  problem,
  merge: { strict: false, covers: (path) => isDocument(path) || isSearch(path) || isTags(path), accept: wishOf, make: merge },
  rewrite: { strict: false, covers: isDocument, accept: wishOf, make: (request, member) => merge(request, [member]) },
};

function merge(request: IndexRequest, members: readonly MemberDocument[]) {
  if (isSearch(request.path)) return mergeSearches(members);
  if (isTags(request.path)) return mergeTags(members);
  return readPath(request.path).kind === 'version' ? rewriteVersionDocument(request, members) : mergePackages(request, members);
}

function checkDocument(document: UpstreamDocument): void {
  if (isDocument(document.path)) readDocument(document.path, document.body);
  else refusePage(document, 'an answer of an npm registry');
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
