import type { Construct } from 'constructs';
import { LocalRpm, RemoteRpm, type LocalRpmConfig, type RemoteRpmConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { fileStart, quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w.+-]*$/i,
  examples: '"acme-" or "acme-agent"',
  patterns: ({ text, isPrefix }) => [`${fileStart}${quote(text)}${isPrefix ? '[^/]+' : ''}-[^/-]+-[^/-]+\\.[^/.]+\\.rpm$`],
};

/** Properties of an `RpmFront`. */
export type RpmFrontProps = FrontProps<RemoteRpmConfig, LocalRpmConfig>;

/**
 * RPM packages: a public repository and your own packages under one name.
 *
 * ArtifactAPI accepts uploads of packages and generates the metadata of the local repository. It merges no metadata of this type, so a
 * strict server may not serve the virtual: configure `internal` and `remote` as two repositories on clients there. Metadata is one file,
 * so a blocked package of the upstream is still listed, but its download is refused.
 *
 * @example
 * new RpmFront(this, 'rpm', {
 *   name: 'rpm',
 *   upstream: 'https://rpm.example.com/9/os',
 *   privateNames: ['acme-'],
 * });
 */
export class RpmFront extends Front<RemoteRpm, LocalRpm> {
  constructor(scope: Construct, id: string, props: RpmFrontProps) {
    super(scope, id, frontMembers({ packageType: 'rpm', remote: RemoteRpm, internal: LocalRpm, names }, props));
  }
}
