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

/** What a `HelmFront` is told. */
export type HelmFrontProps = FrontProps<RemoteHelmConfig, LocalHelmConfig>;

/**
 * Helm charts: a public chart repository and your own charts under one name.
 *
 * ArtifactAPI merges `index.yaml`, of the internal repository only where an `index.yaml` was uploaded to it: a strict server makes none
 * from charts, the embedded registry in its default mode does. An index is one file, so a blocked chart of the upstream is still
 * listed; its archive is refused.
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
