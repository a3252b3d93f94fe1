import { hostOf, isPlain, urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart } from '../private-names';

// twine and uv publish with a user and a password only, also where the server asks for none.
const anonymously = (url: string): string => url.replace('://', '://anonymous:anonymous@');

/** Python packages. */
export const pypi = {
  name: 'pypi',
  title: 'Python package index',
  upstream: 'https://pypi.example.com',
  notes: '`simple/` pages count as changing, wheels and source archives as never changing.',
  paths: { changing: ['simple/requests/'], fixed: ['packages/requests-2.32.3-py3-none-any.whl', 'packages/requests-2.32.3.tar.gz'] },
  url: '`pip install --index-url URL/simple/ PACKAGE`, where `URL` is `url`: pip, uv and Poetry expect it with `/simple/` appended. The format `uv` of `clientConfig()` and of the function `client_config` is a `uv.toml`.',
  publishing: [
    'The embedded registry accepts `twine upload` and `uv publish` at `url` with a trailing slash. The formats `pypirc` (`twine upload -r NAME`) and `uv` (`uv publish --index NAME`) of `clientConfig()` include that URL. Uploading the same file again changes nothing. A different file of the same name is refused, and so is a file whose metadata does not match its name. A `PUT` with the reason as its body yanks a version, and a `DELETE` undoes that:',
    '```sh\ncurl --fail-with-body --request PUT --data \'breaks on Windows\' "$URL/example/1.0/yanked"\ncurl --fail-with-body --request DELETE "$URL/example/1.0/yanked"\n```',
    'A real ArtifactAPI is not known to support `twine upload`. Upload wheels and source archives to `upload_url` there, as `UPLOAD_URL`; the server files them under their normalized project name. The embedded registry accepts this too:',
    '```sh\ncurl --fail-with-body --upload-file dist/example-1.0-py3-none-any.whl "$UPLOAD_URL/example-1.0-py3-none-any.whl"\n```',
  ].join('\n\n'),
  served: ['local', 'virtual'],
  clients: [
    // pip trusts servers without TLS only if told to.
    {
      name: 'pip',
      file: 'pip.conf',
      text: (target) => `[global]\nindex-url = ${urlOf(target)}/simple/\n${isPlain(target) ? `trusted-host = ${hostOf(target)}\n` : ''}`,
    },
    {
      name: 'uv',
      file: 'uv.toml',
      text: (target) =>
        [
          `[[index]]\nname = "${target.name}"\nurl = "${urlOf(target)}/simple/"\n`,
          target.kind === 'local' ? `publish-url = "${target.at?.url ?? anonymously(urlOf(target))}/"\n` : '',
          'default = true\n',
        ].join(''),
    },
    {
      name: 'pypirc',
      file: '.pypirc',
      text: (target) =>
        target.kind === 'local'
          ? `[distutils]\nindex-servers = ${target.name}\n\n[${target.name}]\nrepository = ${urlOf(target)}/\n${target.at ? '' : 'username = anonymous\npassword = anonymous\n'}`
          : // Without a section, twine would take the name for one that it knows, such as "pypi", and upload there.
            `# ${target.name} is a ${target.kind} repository, which accepts no uploads: use the .pypirc of a local one.\n[distutils]\nindex-servers = ${target.name}\n\n[${target.name}]\nrepository = ${urlOf(target)}/\n`,
    },
  ],
  front: {
    className: 'PypiFront',
    description: [
      'Python packages: a public index and your own packages under one name.',
      "ArtifactAPI merges the `simple/` pages and accepts uploads of wheels and source archives, so this also works on a strict server, except that links to the upstream's files are not rewritten there.",
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
