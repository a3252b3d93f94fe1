import { hostOf, imagesOf, isPlain } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';
import { dockerNameProblem } from '../repository-name';

/** Container images. */
export const docker = {
  name: 'docker',
  title: 'container registry',
  upstream: 'https://registry.example.com',
  notes: 'Tags and tag lists count as changing, blobs and manifests by digest as never changing.',
  paths: {
    changing: ['library/nginx/manifests/1.27', 'library/nginx/tags/list'],
    fixed: [
      'library/nginx/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'library/nginx/manifests/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
  },
  url: 'Docker clients do not use `url`: an image is `HOST/NAME/IMAGE:TAG`, where `HOST` is the host of the endpoint and `NAME` the name of the repository. `clientConfig()` and the function `client_config` return the configuration for containerd, and for podman, skopeo and buildah.',
  publishing: [
    'Push with any OCI client:\n\n```sh\ndocker tag app:1.0 HOST/NAME/app:1.0\ndocker push HOST/NAME/app:1.0\n```',
    'If the registry has no TLS, skopeo, podman and buildah need the format `registries_conf`, even on 127.0.0.1. crane and the Docker daemon need no configuration for a registry on 127.0.0.1. For each client, see [container images](../../guides/images.md).',
  ].join('\n\n'),
  republishing:
    'Pushing a tag again moves it to the new image; manifests and blobs, which are named by their digests, never change. `upload_url` and `artifactapi_local_file` do not apply to images.',
  uncopied:
    'images are pushed, not uploaded as files; copy all tags of each with "skopeo sync --all --src docker --dest docker FROM/NAME/IMAGE TO/NAME", where FROM and TO are the hosts of the servers',
  served: ['local'],
  clientNames: dockerNameProblem,
  remoteAttributes: {
    banTagsEnabled: { kind: 'boolean', default: false, description: 'Whether `ban_tags` is in force.', impact: 'denies', example: true },
    banTags: {
      kind: 'patterns',
      default: [],
      impact: 'denies',
      description: 'RE2 patterns of tags to refuse; pulls by digest are never refused.',
      example: ['^latest$'],
    },
  },
  clients: [
    // The first segment after `/v2/` is the repository, so the path is part of the host's entry.
    {
      name: 'containerd',
      file: '/etc/containerd/certs.d/<registry>/hosts.toml',
      text: (target) => {
        const server = JSON.stringify(`${target.endpoint.replace(/\/+$/, '')}/v2/${imagesOf(target)}`);
        const capabilities = `"pull", "resolve"${target.kind === 'local' ? ', "push"' : ''}`;
        return `server = ${server}\n\n[host.${server}]\n  capabilities = [${capabilities}]\n  override_path = true\n`;
      },
    },
    // For podman, skopeo and buildah. To answer for another registry, change the prefix to its name.
    {
      name: 'registries_conf',
      file: '/etc/containers/registries.conf.d/repoform.conf',
      text: (target) => {
        const location = JSON.stringify(`${hostOf(target)}/${imagesOf(target)}`);
        return `[[registry]]\nprefix = ${location}\nlocation = ${location}\ninsecure = ${isPlain(target)}\n`;
      },
    },
  ],
  front: {
    className: 'DockerFront',
    description: [
      'Container images: a public registry and your own images under one name.',
      'ArtifactAPI is documented to serve remotes and locals under `/v2/<name>/`; push to the local. Virtuals are not documented: if the server does not serve the virtual, point clients at `remote` and `internal` by their own names. The embedded registry serves all three; an image that was pushed to the local is served from there only.',
    ],
    example: { name: 'docker', privateNames: ['acme/'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*[._/-]*$/,
      examples: '"acme/" or "acme-"',
      patterns: ({ text, isPrefix }) => {
        // What follows an image's name; "acme/" does not own the image "acme".
        const rest = !isPrefix ? '/' : text.endsWith('/') ? '(?:[^/]+/)+' : '[^/]*/(?:[^/]+/)*';
        return [`^/*${quote(text)}${rest}(?:(?:manifests|blobs|referrers)/[^/]+|tags/list)$`];
      },
    },
  },
} satisfies PackageType;
