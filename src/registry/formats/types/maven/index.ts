import { type Format, type UpstreamDocument } from '../../format';
import { refusePage } from '../../web-page';
import { readXml } from '../../xml';
import { checksumsOf, digestsIn, fileOf } from './digests';
import { mergeMetadata } from './metadata';
import { isSnapshot, readPath } from './paths';
import { answerRoute, hasArtifact, problem } from './routes';

const METHODS = new Set(['GET', 'PUT', 'DELETE']);
const isMetadata = (path: string) => readPath(path).kind === 'metadata';

/** Maven artifacts. */
export const maven: Format = {
  packageType: 'maven',
  backends: ['bkrepo'],
  classify,
  mayBePage: (path) => path === '' || path.endsWith('/') || /\.html?$/.test(path),
  check: { covers: (path) => isMetadata(path) || path.endsWith('.pom'), read: checkDocument },
  listed: { strict: false, by: checksumsOf, of: fileOf, read: digestsIn },
  routes: { strict: false, covers: (method) => METHODS.has(method), about: (path) => path, answer: answerRoute },
  owns: { strict: false, has: hasArtifact },
  problem,
  merge: {
    strict: false,
    covers: isMetadata,
    checksum(path) {
      const read = readPath(path);
      return read.kind === 'checksum' ? read : undefined;
    },
    make(_request, members) {
      const [own, others] = [true, false].map((wanted) => members.filter(({ isInternal = false }) => isInternal === wanted));
      return { contentType: 'application/xml', body: mergeMetadata([...(own ?? []), ...(others ?? [])].map(({ body }) => body)) };
    },
  },
};

/** A file of a version or of one build of a snapshot never changes, and neither does its checksum. */
function classify(path: string): 'mutable' | 'immutable' {
  const read = readPath(path);
  if (read.kind === 'checksum') return classify(read.of);
  return read.kind === 'file' && !isSnapshot(read.build) ? 'immutable' : 'mutable';
}

function checkDocument(document: UpstreamDocument): void {
  if (isMetadata(document.path)) readXml(document.body, 'metadata', 'a maven-metadata.xml');
  else refusePage(document, 'a POM');
}
