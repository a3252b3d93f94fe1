import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart, quote } from '../private-names';

/** Alpine packages. */
export const alpine = {
  name: 'alpine',
  title: 'Alpine package repository',
  upstream: 'https://alpine.example.com/v3.22/main',
  notes: '`APKINDEX.tar.gz` counts as changing, packages as never changing.',
  paths: { changing: ['x86_64/APKINDEX.tar.gz'], fixed: ['x86_64/curl-8.9.1-r0.apk'] },
  url: [
    'A line of `/etc/apk/repositories` is `url`; `apk` adds the architecture and `APKINDEX.tar.gz` to it.',
    'The embedded registry signs the indexes of locals and virtuals. Clients need its public key, once, where `URL` is `url`:',
    '```sh\ncd /etc/apk/keys && curl --fail --remote-name --remote-header-name "$URL/keys/apk.rsa.pub"\n```',
    'The key is generated, or yours ([settings](../../guides/registry.md#signed-indexes)). A virtual merges the indexes of its members: what is there twice comes from the first, and a package that the internal repository has comes from there alone. Its signature stands for the packages of the upstream too, whose own signature is not verified, so use an `https` upstream.',
  ].join('\n\n'),
  publishing: [
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file example-1.0-r0.apk "$UPLOAD_URL/x86_64/example-1.0-r0.apk"\n```',
    'The embedded registry reads the package and adds it to the `APKINDEX.tar.gz` of its folder. It refuses a file that is no package, is damaged, has another name than `NAME-VERSION.apk`, or is in the folder of another architecture; upload `noarch` packages into the folder of each. A real ArtifactAPI is not known to generate `APKINDEX.tar.gz`: upload it with the packages there.',
  ].join('\n\n'),
  clients: [
    // One line per repository.
    {
      name: 'apk',
      file: '/etc/apk/repositories',
      text: (target) => `${urlOf(target)}\n`,
    },
  ],
  front: {
    className: 'AlpineFront',
    description: [
      'Alpine packages: a public repository and your own packages under one name.',
      'A strict ArtifactAPI server neither merges `APKINDEX` nor generates it from uploads, so it may not serve the virtual: configure `internal` and `remote` as two repositories on clients there. The embedded registry does both in its default mode. There, a package of the internal repository has only the versions published to it. An index is one file, so a blocked package of the upstream is still listed, but its download is refused.',
    ],
    example: { name: 'alpine', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w.+-]*$/i,
      examples: '"acme-" or "acme-agent"',
      patterns: ({ text, isPrefix }) => [`${fileStart}${quote(text)}${isPrefix ? '[^/]+' : ''}-[0-9][^/-]*-r[0-9]+\\.apk$`],
    },
  },
} satisfies PackageType;
