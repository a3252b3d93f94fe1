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
  url: [
    '`baseurl=URL` in a file of `/etc/yum.repos.d`, where `URL` is `url`; `clientConfig()` and the function `client_config` give that file. The upstream of a remote is a `baseurl`, too: take one URL of a mirror list or metalink. Every folder of a repository that has packages below it is a repository as well, e.g. `baseurl=URL/el9`.',
    'The embedded registry signs the index of locals and virtuals. To have it verified, add these lines; `gpgcheck=1` verifies the packages themselves:',
    '```ini\nrepo_gpgcheck=1\ngpgkey=URL/repodata/repomd.xml.key\n```',
    'A virtual of the embedded registry merges the indexes of its members: packages, file lists, changelogs, groups, advisories and modules. A package that the internal repository has comes from there alone, and what packages of the upstream provide or obsolete by its name is left out. Documents of the upstream can be compressed by gzip, xz or zstd, with up to 256 MiB each; after a change of the upstream, the first client waits for the merge (70,000 packages with 10 million files: about 15 seconds of one core). If dnf does not wait that long (`timeout`, 30 seconds by default), it tries again and gets the result. Replaced indexes stay readable for a week.',
  ].join('\n\n'),
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file example-1.0-1.x86_64.rpm "$UPLOAD_URL/example-1.0-1.x86_64.rpm"\n```\n\nThe server reads the headers of a package and adds it to `repodata`: a real ArtifactAPI a moment after the upload, the embedded registry with it. The embedded registry refuses a file that is no package, is damaged, or is not named `NAME-VERSION-RELEASE.ARCH.rpm` as its header says.',
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
      'ArtifactAPI accepts uploads of packages and generates the metadata of the local repository. It merges no metadata of this type, so a strict server may not serve the virtual: configure `internal` and `remote` as two repositories on clients there. The embedded registry merges it in its default mode. There, a package of the internal repository has only the versions published to it. Metadata is one file, so a blocked package of the upstream is still listed, but its download is refused.',
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
