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
  url: 'A line of `/etc/apk/repositories` is `url`; `apk` adds the architecture and `APKINDEX.tar.gz` to it.',
  publishing:
    'ArtifactAPI is not known to generate `APKINDEX.tar.gz`. Upload it with the packages, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file example-1.0-r0.apk "$UPLOAD_URL/x86_64/example-1.0-r0.apk"\n```',
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
      'A strict ArtifactAPI server neither merges `APKINDEX` nor generates it from uploads, so it may not serve the virtual: configure `internal` and `remote` as two repositories on clients there. An index is one file, so a blocked package of the upstream is still listed, but its download is refused.',
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
