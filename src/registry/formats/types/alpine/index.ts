import { type Content, type Format, type UploadCheck } from '../../format';
import { isMovingPackage } from '../../versions';
import { readApk } from './apk';
import { hasPackage, placeOf } from './paths';
import { answerCombined, answerRoute, covers, JOBS } from './served';
import { algorithmProblem, keyProblem, SETTING } from './signing';

const isPackage = (path: string) => path.endsWith('.apk');

/** Alpine packages: an index for each architecture, and packages beside it. */
export const alpine: Format = {
  packageType: 'alpine',
  settings: { [SETTING.key]: keyProblem, [SETTING.algorithm]: algorithmProblem },
  classify: (path) => (isPackage(path) && !isMovingPackage(path) ? 'immutable' : 'mutable'),
  upload: { strict: false, check: checkPath },
  inspect: { strict: false, covers: isPackage, read: inspect },
  routes: { strict: false, covers: (method, path) => method === 'GET' && covers(path), about: (path) => path, answer: answerRoute },
  owns: { strict: false, has: hasPackage },
  combine: { strict: false, covers, answer: answerCombined },
  jobs: JOBS,
};

function checkPath(path: string): UploadCheck {
  if (!isPackage(path)) return { path };
  const { arch, file } = placeOf(path);
  if (arch === '' || arch === 'noarch')
    return { reason: `packages are kept in a folder for each architecture; upload it as, e.g., x86_64/${file}` };
  return { path, contentType: 'application/vnd.alpine.apk' };
}

/** Reads the package that is uploaded to a path, whose folder and name must be those that its `.PKGINFO` says. */
async function inspect(file: Content & { readonly path: string }): Promise<unknown> {
  const entry = await readApk(file);
  const { P: name, V: version, A: arch } = entry;
  const place = placeOf(file.path);
  if (place.file !== `${name}-${version}.apk`) throw new Error(`it is version ${version} of ${name}; upload it as ${name}-${version}.apk`);
  if (arch !== 'noarch' && arch !== place.arch) throw new Error(`it is for ${arch}; upload it into the folder ${arch}/`);
  return entry;
}
