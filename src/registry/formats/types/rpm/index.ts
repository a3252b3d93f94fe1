import { type Digest } from '../../digests';
import { type Content, type Format } from '../../format';
import { isMovingPackage } from '../../versions';
import { checkPayload, readHeaders } from './header';
import { answerRoute } from './local';
import { fileNameOf, packageOf } from './package';
import { hasPackage, readIndexPath } from './paths';
import { readRepomd, toldOf } from './repomd';
import { answerCombined, JOBS, leads } from './virtual';

const BESIDE = /^((?:.*\/)?repodata\/)([^/]+)$/;
/** Names that begin with the hash of what they name. */
const HASHED = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})-/i;
const isOfRepomd = (name: string) => /^repomd\.xml(?:\.\w+)*$/.test(name);

/** RPM packages. What a `repomd.xml` names belongs to it: a file of another time is neither kept nor served beside it. */
export const rpm: Format = {
  packageType: 'rpm',
  classify: (path) => (isOneVersion(path) ? 'immutable' : 'mutable'),
  digest: digestOf,
  check: { covers: (path) => /(?:^|\/)repomd\.xml$/.test(path), read: ({ body }) => void readRepomd(body) },
  told: {
    strict: true,
    by(path) {
      const [, folder, name = ''] = BESIDE.exec(path) ?? [];
      return folder === undefined || isOfRepomd(name) || HASHED.test(name) ? undefined : { path: `${folder}repomd.xml` };
    },
    read: toldOf,
  },
  set(path) {
    const [, folder, name = ''] = BESIDE.exec(path) ?? [];
    return folder !== undefined && isOfRepomd(name) ? ['', '.asc', '.key'].map((end) => `${folder}repomd.xml${end}`) : [path];
  },
  upload: {
    strict: true,
    check: (path) => (path.endsWith('.rpm') ? { path, contentType: 'application/x-rpm' } : { reason: `not an .rpm file: ${path}` }),
  },
  inspect: { strict: false, covers: (path) => path.endsWith('.rpm'), read: inspect },
  routes: {
    strict: true,
    covers: (method, path) => method === 'GET' && readIndexPath(path) !== undefined,
    about: (path) => path,
    answer: answerRoute,
  },
  owns: { strict: false, has: hasPackage },
  combine: { strict: false, covers: (path) => readIndexPath(path) !== undefined, answer: answerCombined, leads },
  jobs: JOBS,
};

/** Reads the package that is uploaded to a path, whose name must be the one that its header says. */
async function inspect(file: Content & { readonly path: string }): Promise<unknown> {
  const headers = await readHeaders(file);
  const described = packageOf(headers);
  await checkPayload(file, headers);
  const { name, epoch, version, release, arch } = described;
  const expected = fileNameOf(described);
  if (file.path.slice(file.path.lastIndexOf('/') + 1) !== expected)
    throw new Error(`its header is that of ${expected}; upload it under that name`);
  return { name, epoch, version, release, arch };
}

/** The hash that the name of a file of the metadata begins with is that of the file. */
function digestOf(path: string): Digest | undefined {
  const [, , name = ''] = BESIDE.exec(path) ?? [];
  const [hex = ''] = HASHED.test(name) ? name.split('-') : [];
  const algorithm = ({ 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' } as const)[hex.length];
  return algorithm && { algorithm, hex };
}

/** A package, unless its version is a word for the newest; a file of the metadata that is named after its hash. */
function isOneVersion(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (BESIDE.test(path)) return HASHED.test(name);
  return name.endsWith('.rpm') && !isMovingPackage(name);
}
