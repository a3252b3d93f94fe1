import { hostOf, isPlain, urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart } from '../private-names';

/** Python packages. */
export const pypi = {
  name: 'pypi',
  title: 'Python package index',
  upstream: 'https://pypi.example.com',
  notes: '`simple/` pages count as changing, wheels and source archives as never changing.',
  url: '`pip install --index-url URL/simple/ PACKAGE`, where `URL` is `url`: pip, uv and Poetry take it with `/simple/` at its end.',
  publishing:
    'ArtifactAPI is not known to answer `twine upload`. A wheel or source archive is put below its normalized name by the server:\n\n```sh\ncurl --fail --upload-file dist/example-1.0-py3-none-any.whl "$UPLOAD_URL/example-1.0-py3-none-any.whl"\n```',
  served: ['local', 'virtual'],
  clients: [
    // pip trusts servers without TLS only if told to.
    {
      name: 'pip',
      file: 'pip.conf',
      text: (target) => `[global]\nindex-url = ${urlOf(target)}/simple/\n${isPlain(target) ? `trusted-host = ${hostOf(target)}\n` : ''}`,
    },
  ],
  front: {
    className: 'PypiFront',
    description: [
      'Python packages: a public index and your own packages under one name.',
      "ArtifactAPI merges the `simple/` pages and accepts uploads of wheels and source archives, so this also works on a strict server, which does not rewrite the upstream's links to files.",
    ],
    example: { name: 'python', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9](?:[\w.-]*)$/i,
      examples: '"acme-" or "acme-core"',
      patterns: ({ text, isPrefix }) => {
        // "-", "_" and "." are equivalent; names of wheels have no "-", because it ends the name.
        const name = text.replace(/[-_.]+/g, '[-_.]+');
        const inWheel = text.replace(/[-_.]+/g, '[_.]+');
        const [rest, inFile, page] = isPrefix ? ['[a-z0-9][^/-]*', '[a-z0-9][^/]*', '[a-z0-9]'] : ['', '', '(?:/|$)'];
        return [
          `(?i)^/*(?:simple|pypi)/${name}${page}`,
          `(?i)${fileStart}${inWheel}${rest}-[^/]+\\.(?:whl|egg)(?:\\.metadata|\\.asc)?$`,
          `(?i)${fileStart}${name}${inFile}-v?[0-9][^/-]*\\.(?:tar\\.gz|tar\\.bz2|tgz|zip)(?:\\.asc)?$`,
        ];
      },
    },
  },
} satisfies PackageType;
