import type { Construct } from 'constructs';
import { LocalDocker, RemoteDocker, type LocalDockerConfig, type RemoteDockerConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*[._/-]*$/,
  examples: '"acme/" or "acme-"',
  patterns: ({ text, isPrefix }) => {
    // What follows an image's name; "acme/" does not own the image "acme".
    const rest = !isPrefix ? '/' : text.endsWith('/') ? '(?:[^/]+/)+' : '[^/]*/(?:[^/]+/)*';
    return [`^/*${quote(text)}${rest}(?:(?:manifests|blobs|referrers)/[^/]+|tags/list)$`];
  },
};

/** Properties of a `DockerFront`. */
export type DockerFrontProps = FrontProps<RemoteDockerConfig, LocalDockerConfig>;

/**
 * Container images: a public registry and your own images under one name.
 *
 * ArtifactAPI is documented to serve remotes and locals under `/v2/<name>/`, and pushes go to the local; for virtuals nothing is
 * documented. If the server does not serve the virtual, point clients at `remote` and `internal` by their own names. The embedded
 * registry does not serve images yet.
 *
 * @example
 * new DockerFront(this, 'docker', {
 *   name: 'docker',
 *   upstream: 'https://registry.example.com',
 *   privateNames: ['acme/'],
 * });
 */
export class DockerFront extends Front<RemoteDocker, LocalDocker> {
  constructor(scope: Construct, id: string, props: DockerFrontProps) {
    super(scope, id, frontMembers({ packageType: 'docker', remote: RemoteDocker, internal: LocalDocker, names }, props));
  }
}
