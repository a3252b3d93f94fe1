import { digestOf, type Digests, listedDigests } from '../../digests';
import { type MemberDocument } from '../../format';
import { objectOf, readObject } from '../../json';
import { pathOf } from '../../links';
import { type Index } from '../../told';
import { type Spelling } from '../../../proxy/canonical';
import { isSums, mirrorDigest } from './links';

const PACKAGE = /^((?:.*\/)?)(terraform-provider-([^/_]+)_([^/_]+))_([^/_]+)_([^/_]+)\.zip$/;

/** The documents that may list the package of a provider: the checksums beside it, what a mirror has of a version, what a registry says of it. */
export function indexesOf(path: string): readonly Index[] {
  const [, folder, stem, type, version, os, arch] = PACKAGE.exec(path) ?? [];
  if (folder === undefined) return [];
  const [, last, namespace] = folder.split('/').reverse();
  const isAddress = last === type && namespace !== undefined;
  const registry = isAddress ? [{ path: `v1/providers/${namespace}/${type}/${version}/download/${os}/${arch}` }] : [];
  return [{ path: `${folder}${stem}_SHA256SUMS` }, { path: `${folder}${version}.json` }, ...registry];
}

/** The digests of the packages that a document lists. */
export function digestsIn(document: MemberDocument, spelling: Spelling): Digests {
  if (isSums(document.path)) return listedDigests(sumsIn(document));
  const json = readObject(document.body, 'a document of a Terraform registry');
  const archives = Object.values(objectOf(json['archives'])).map(objectOf);
  return listedDigests([
    [pathOf(json['download_url'], document, spelling), digestOf('sha256', json['shasum'])],
    ...archives.map((archive) => [pathOf(archive['url'], document, spelling), mirrorDigest(archive)] as const),
  ]);
}

/** Checksums name files beside themselves. */
function sumsIn({ path, body }: MemberDocument) {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const lines = [...body.toString('utf8').matchAll(/^([0-9a-f]{64}) [ *](\S+)\r?$/gim)];
  return lines.map(([, hex, name = '']) => [folder + name, digestOf('sha256', hex)] as const);
}
