import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart, quote } from '../private-names';

/** RPM packages. */
export const rpm = {
  name: 'rpm',
  title: 'RPM repository',
  upstream: 'https://rpm.example.com/el9',
  notes: '`repodata/` counts as changing, packages as never changing.',
  paths: { changing: ['repodata/repomd.xml'], fixed: ['Packages/curl-8.9.1-1.el9.x86_64.rpm'] },
  url: '`baseurl=URL` in a file of `/etc/yum.repos.d`, where `URL` is `url`; `clientConfig()` and the function `client_config` give that file.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file example-1.0-1.x86_64.rpm "$UPLOAD_URL/example-1.0-1.x86_64.rpm"\n```\n\nThe server reads the headers of a package after the upload and adds it to `repodata` a moment later.',
  served: ['local'],
  clients: [
    // For dnf and yum.
    {
      name: 'dnf',
      file: '/etc/yum.repos.d/<name>.repo',
      text: (target) => `[${target.name}]\nname=${target.name}\nbaseurl=${urlOf(target)}/\nenabled=1\ngpgcheck=1\n`,
    },
  ],
  front: {
    className: 'RpmFront',
    description: [
      'RPM packages: a public repository and your own packages under one name.',
      'ArtifactAPI accepts uploads of packages and generates the metadata of the local repository. It merges no metadata of this type, so a strict server may not serve the virtual: configure `internal` and `remote` as two repositories on clients there. Metadata is one file, so a blocked package of the upstream is still listed, but its download is refused.',
    ],
    example: { name: 'rpm', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w.+-]*$/i,
      examples: '"acme-" or "acme-agent"',
      patterns: ({ text, isPrefix }) => [`${fileStart}${quote(text)}${isPrefix ? '[^/]+' : ''}-[^/-]+-[^/-]+\\.[^/.]+\\.rpm$`],
    },
  },
} satisfies PackageType;
