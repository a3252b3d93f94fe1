import type { Construct } from 'constructs';
import { LocalPypi, RemotePypi, type LocalPypiConfig, type RemotePypiConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { fileStart, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9](?:[\w.-]*)$/i,
  examples: '"acme-" or "acme-core"',
  patterns: ({ text, isPrefix }) => {
    // "-", "_" and "." are equivalent; names of wheels have no "-", because it ends the name.
    const name = text.replace(/[-_.]+/g, '[-_.]+');
    const inWheel = text.replace(/[-_.]+/g, '[_.]+');
    const [rest, inFile, page] = isPrefix ? ['[a-z0-9][^/-]*', '[a-z0-9][^/]*', '[a-z0-9]'] : ['', '', '(?:/|$)'];
    return [
      `(?i)^/*(?:simple|pypi)/${name}${page}`,
      `(?i)${fileStart}${inWheel}${rest}-[^/]+\\.(?:whl|egg)(?:\\.metadata|\\.asc)?$`,
      `(?i)${fileStart}${name}${inFile}-v?[0-9][^/-]*\\.(?:tar\\.gz|tar\\.bz2|tgz|zip)(?:\\.asc)?$`,
    ];
  },
};

/** Properties of a `PypiFront`. */
export type PypiFrontProps = FrontProps<RemotePypiConfig, LocalPypiConfig>;

/**
 * Python packages: a public index and your own packages under one name.
 *
 * ArtifactAPI merges the `simple/` pages and accepts uploads of wheels and source archives, so this also works on a strict server,
 * which does not rewrite the upstream's links to files.
 *
 * @example
 * new PypiFront(this, 'python', {
 *   name: 'python',
 *   upstream: 'https://pypi.example.com',
 *   privateNames: ['acme-'],
 * });
 */
export class PypiFront extends Front<RemotePypi, LocalPypi> {
  constructor(scope: Construct, id: string, props: PypiFrontProps) {
    super(scope, id, frontMembers({ packageType: 'pypi', remote: RemotePypi, internal: LocalPypi, names }, props));
  }
}
