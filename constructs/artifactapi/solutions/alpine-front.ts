import type { Construct } from 'constructs';
import { LocalAlpine, RemoteAlpine, type LocalAlpineConfig, type RemoteAlpineConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { fileStart, quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w.+-]*$/i,
  examples: '"acme-" or "acme-agent"',
  patterns: ({ text, isPrefix }) => [`${fileStart}${quote(text)}${isPrefix ? '[^/]+' : ''}-[0-9][^/-]*-r[0-9]+\\.apk$`],
};

/** Properties of an `AlpineFront`. */
export type AlpineFrontProps = FrontProps<RemoteAlpineConfig, LocalAlpineConfig>;

/**
 * Alpine packages: a public repository and your own packages under one name.
 *
 * A strict ArtifactAPI server neither merges `APKINDEX` nor generates it from uploads, so it may not serve the virtual: configure
 * `internal` and `remote` as two repositories on clients there. An index is one file, so a blocked package of the upstream is still
 * listed, but its download is refused.
 *
 * @example
 * new AlpineFront(this, 'alpine', {
 *   name: 'alpine',
 *   upstream: 'https://alpine.example.com/v3.22/main',
 *   privateNames: ['acme-'],
 * });
 */
export class AlpineFront extends Front<RemoteAlpine, LocalAlpine> {
  constructor(scope: Construct, id: string, props: AlpineFrontProps) {
    super(scope, id, frontMembers({ packageType: 'alpine', remote: RemoteAlpine, internal: LocalAlpine, names }, props));
  }
}
