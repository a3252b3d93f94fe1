import { type Document } from '../../format';
import { packageFiles } from '../../package-files';

const INDEX = /^((?:.*\/)?)repodata\/([^/]+)$/;

/** The path of an index: the folder that is the root of a repository, with a slash at its end unless it is the top, and the file's name. */
export function readIndexPath(path: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = INDEX.exec(path) ?? [];
  return folder === undefined || name === undefined ? undefined : { folder, name };
}

/** What the names of files tell of packages. */
export const { has: hasPackage, internal: internalNames } = packageFiles('.rpm', /^(.+)-[^-]+-[^-]+\.[^.-]+\.rpm$/);

/** A document of XML. */
export function xmlDocument(body: Buffer): Document {
  return { contentType: 'application/xml', body };
}
