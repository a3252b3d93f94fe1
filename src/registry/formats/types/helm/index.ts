import { basename } from 'node:path/posix';
import { buffer } from 'node:stream/consumers';
import { type Content, type Document, type Format, type IndexRequest, type MemberDocument, type UploadCheck } from '../../format';
import { namesPage } from '../../web-page';
import { namesVersion } from '../../versions';
import { docker } from '../docker';
import { fileOf, notesOf, readChart } from './chart';
import { digestsIn, isTold, mergeIndexes, rewriteIndex, toldOf } from './document';
import { FRONT, IMAGES, readImagePath } from './image';
import { hasChart, makeIndex } from './listing';
import { LARGEST_PROVENANCE, readProvenance } from './provenance';
import { about, answerRoute, covers, problem, withoutFolder } from './routes';
import { checkIndex } from './spans';

const isIndex = (path: string) => path === 'index.yaml';
const isChart = (path: string) => path.endsWith('.tgz');
const isProvenance = (path: string) => path.endsWith('.tgz.prov');

/** What is known of images holds for charts in an OCI registry. */
const { classify, variant, digest, headers, check, deny, rewrite } = docker;
const isImage = (path: string) => readImagePath(path) !== undefined;
const isImageDocument = (path: string) => isImage(path) && check?.covers(path) === true;
const isImageList = (path: string) => isImage(path) && rewrite?.covers(path) === true;

/** Helm charts: an index and archives, or artifacts of an OCI registry below `v2/`. */
export const helm: Format = {
  packageType: 'helm',
  classify: (path) => (isImage(path) ? classify(path) : /\.tgz(?:\.prov)?$/.test(path) && namesVersion(path) ? 'immutable' : 'mutable'),
  variant: (path, accept) => (isImage(path) ? variant?.(path, accept) : undefined) ?? '',
  digest: (path) => (isImage(path) ? digest?.(path) : undefined),
  mayBePage: (path) => !isImage(path) && namesPage(path),
  ...(headers && { headers }),
  deny: (path, remote) => (isImage(path) ? deny?.(path, remote) : undefined),
  check: {
    covers: (path) => isIndex(path) || isImageDocument(path),
    read: (document) => (isIndex(document.path) ? checkIndex(document.body.toString('utf8')) : check?.read(document)),
  },
  told: {
    strict: false,
    by: (path) => (isTold(path) ? { path: 'index.yaml' } : undefined),
    read: toldOf,
  },
  listed: {
    strict: false,
    by: (path) => (isChart(path) && !isImage(path) ? [{ path: 'index.yaml' }] : []),
    read: (index) => digestsIn(index, helm),
  },
  upload: { strict: false, check: checkPath },
  inspect: { strict: false, covers: (path) => isChart(path) || isProvenance(path), read: inspect },
  routes: { strict: false, covers, about, answer: answerRoute },
  owns: { strict: false, has: hasChart },
  problem,
  front: { strict: false, prefixes: { '/v2/': FRONT } },
  localIndex: { strict: false, covers: isIndex, make: makeIndex },
  merge: { strict: true, covers: isIndex, make: mergeIndexes },
  rewrite: { strict: false, covers: (path) => isIndex(path) || isImageList(path), make: rewriteDocument },
};

function rewriteDocument(request: IndexRequest, member: MemberDocument): Document | Promise<Document> {
  return (isImageList(request.path) ? rewrite?.make(request, member) : undefined) ?? rewriteIndex(member, request.strict);
}

/** The place of an upload: charts are at the top, where each version has one place. */
function checkPath(path: string): UploadCheck {
  if (path.startsWith(IMAGES)) return { reason: `${path} is reserved for the registry; push charts with helm push` };
  if (!isChart(path) && !isProvenance(path)) return { path };
  const place = withoutFolder(path);
  return place.includes('/') ? { reason: `charts are kept at the top of a repository; upload it as ${basename(path)}` } : { path: place };
}

/** Reads the chart or the provenance file that is uploaded to a path; its name must be the one that its content says. */
async function inspect(file: Content & { readonly path: string }): Promise<unknown> {
  if (isProvenance(file.path)) {
    if (file.size > LARGEST_PROVENANCE) throw new Error(`it is larger than ${LARGEST_PROVENANCE} bytes`);
    const { file: chart } = readProvenance(await buffer(await file.open()));
    if (`${chart}.prov` !== file.path) throw new Error(`it is the provenance file of ${chart}; upload it as ${chart}.prov`);
    return undefined;
  }
  const chart = await readChart(await file.open());
  if (fileOf(chart) !== file.path)
    throw new Error(`it is version ${chart.version} of the chart ${chart.name}; upload it as ${fileOf(chart)}`);
  return notesOf(chart);
}
