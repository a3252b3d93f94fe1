import { type Digest, digestOf, type Digests, listedDigests } from '../../digests';
import { type MemberDocument } from '../../format';
import { type Json, objectOf } from '../../json';
import { pathOf } from '../../links';
import { type Spelling } from '../../../proxy/canonical';
import { readDocument } from './packument';

/** The digests of the tarballs that the document of a package lists. */
export function digestsIn(document: MemberDocument, spelling: Spelling): Digests {
  const versions = objectOf(readDocument(document.path, document.body)['versions']);
  const files = Object.values(versions).map((version) => objectOf(objectOf(version)['dist']));
  return listedDigests(files.map((dist) => [pathOf(dist['tarball'], document, spelling), digestIn(dist)]));
}

/** The digest of a tarball that clients compare it with; of several by one algorithm any would do for them, so that none is certain. */
export function digestIn({ integrity, shasum }: Json): Digest | undefined {
  const entries = typeof integrity === 'string' ? integrity.trim().split(/\s+/) : [];
  for (const algorithm of ['sha512', 'sha384', 'sha256', 'sha1'] as const) {
    const [first, second] = entries.filter((entry) => entry.startsWith(`${algorithm}-`));
    const base64 = first?.slice(algorithm.length + 1).replace(/\?.*$/, '') ?? '';
    const digest = second === undefined ? digestOf(algorithm, Buffer.from(base64, 'base64').toString('hex')) : undefined;
    if (digest) return digest;
  }
  return digestOf('sha1', shasum);
}
