import { type HttpError } from '../../../errors';
import { type Content, type Document, type Format, type UploadCheck } from '../../format';
import { namesVersion } from '../../versions';
import { readRelease } from './archive';
import { archivePath, canonical, FILES, readArchive, readPath, slugOf } from './paths';
import { about, answerRoute, covers, hasModule } from './routes';
import { json } from './shown';
import { checkDocument, isDocument, merge, rewriteDocument, toldOf } from './upstream';

/** Puppet modules, by version 3 of the Forge API. */
export const puppet: Format = {
  packageType: 'puppet',
  canonical,
  classify: (path) =>
    path.endsWith('.tar.gz') && namesVersion(path) && !/^v3\/(?:modules\/|releases)/.test(path) ? 'immutable' : 'mutable',
  check: { covers: isDocument, read: checkDocument },
  told: {
    strict: false,
    by(path) {
      const asked = readPath(path);
      return asked.kind === 'file' ? { path: `v3/releases/${slugOf(asked)}-${asked.version}` } : undefined;
    },
    read: toldOf,
  },
  upload: { strict: false, check: checkUpload },
  inspect: { strict: false, covers: (path) => readPath(path).kind === 'file', read: inspect },
  routes: { strict: false, covers, about, answer: answerRoute },
  owns: { strict: false, has: hasModule },
  problem,
  rewrite: { strict: false, covers: isDocument, make: rewriteDocument },
  merge: { strict: false, covers: isDocument, make: merge },
};

/** The place of an upload: archives are where the API has them. */
function checkUpload(given: string): UploadCheck {
  const release = readArchive(given.startsWith(FILES) ? given.slice(FILES.length) : given);
  if (release) return { path: archivePath(release), contentType: 'application/gzip' };
  return given.startsWith('v3/')
    ? {
        reason: `${given} is not the archive of a release; upload it as ${FILES}OWNER-NAME-VERSION.tar.gz, e.g. ${FILES}acme-ntp-1.0.0.tar.gz`,
      }
    : { path: given };
}

/** Reads an uploaded archive, whose name must be the one that its metadata.json says. */
async function inspect(file: Content & { readonly path: string }): Promise<unknown> {
  const { slug, version, metadata, md5 } = await readRelease(file);
  const expected = `${FILES}${slug}-${version}.tar.gz`;
  if (file.path !== expected) throw new Error(`its metadata.json is that of version ${version} of ${slug}; upload it as ${expected}`);
  return { metadata, md5 };
}

/** An error as clients show it. */
function problem({ message }: HttpError): Document {
  return json({ message, errors: [message] });
}
