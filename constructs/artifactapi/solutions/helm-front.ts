import type { Construct } from 'constructs';
import { LocalHelm, RemoteHelm, type LocalHelmConfig, type RemoteHelmConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { fileStart, quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w.-]*$/i,
  examples: '"acme-" or "acme-gateway"',
  patterns: ({ text, isPrefix }) => {
    // What comes before the version must not be the version itself: "acme-1.0.0.tgz" is the chart "acme", and not one of "acme-".
    const rest = isPrefix ? '(?:[\\w-]+|[\\w-]*[A-Za-z_][\\w.-]*)' : '';
    return [`${fileStart}${quote(text)}${rest}-v?[0-9]+\\.[0-9]+\\.[0-9]+[^/]*\\.tgz(?:\\.prov)?$`];
  },
};

/** Properties of a `HelmFront`. */
export type HelmFrontProps = FrontProps<RemoteHelmConfig, LocalHelmConfig>;

/**
 * Helm charts: a public chart repository and your own charts under one name.
 *
 * ArtifactAPI merges `index.yaml`. A strict server does not generate one from charts, so upload an `index.yaml` to the internal
 * repository there; the embedded registry generates it in its default mode. An index is one file, so a blocked chart of the upstream is
 * still listed, but its archive is refused.
 *
 * @example
 * new HelmFront(this, 'charts', {
 *   name: 'charts',
 *   upstream: 'https://charts.example.com',
 *   privateNames: ['acme-'],
 * });
 */
export class HelmFront extends Front<RemoteHelm, LocalHelm> {
  constructor(scope: Construct, id: string, props: HelmFrontProps) {
    super(scope, id, frontMembers({ packageType: 'helm', remote: RemoteHelm, internal: LocalHelm, names }, props));
  }
}
