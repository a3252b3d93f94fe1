import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';

/** Go modules. */
export const goproxy = {
  name: 'goproxy',
  title: 'Go module proxy',
  upstream: 'https://go.example.com',
  notes: '`@v/list` and `@latest` count as changing, module files as never changing.',
  paths: {
    changing: ['github.com/acme/lib/@v/list', 'github.com/acme/lib/@latest'],
    fixed: ['github.com/acme/lib/@v/v1.2.3.info', 'github.com/acme/lib/@v/v1.2.3.mod', 'github.com/acme/lib/@v/v1.2.3.zip'],
  },
  url: [
    '`GOPROXY=URL`, where `URL` is `url`. Do not append `,direct`, which would fetch refused modules around the proxy.',
    'The public checksum database does not contain your own modules: `clientConfig()` of a local repository and of a `GoFront` with `privateNames` sets `GONOSUMDB` for them. A plain `Virtual` with a local member does not know which names are private: set e.g. `GONOSUMDB=git.acme.example` yourself, or use a `GoFront`. Do not set `GOPRIVATE`, which makes the go command bypass the proxy.',
  ].join('\n\n'),
  publishing: [
    'Upload a zip archive of each version to its path, with `UPLOAD_URL` set to `upload_url`. Git creates it from a tag; every file in it must be below `MODULE@VERSION/`:',
    '```sh\nmodule=git.acme.example/tool version=v1.0.0\ngit archive --format=zip --prefix="$module@$version/" --output=module.zip "$version"\ncurl --fail-with-body --upload-file module.zip "$UPLOAD_URL/$module/@v/$version.zip"\n```',
    'The embedded registry checks the archive by the rules of the go command and generates `.mod`, `.info`, `@v/list` and `@latest` from it. A published version cannot be replaced. A `.info` with the commit time can be uploaded next to the archive. A real ArtifactAPI is not known to support any of this: upload `.info`, `.mod` and `@v/list` as plain files there, with each capital letter in the path written as an exclamation mark and the lower-case letter.',
  ].join('\n\n'),
  clients: [
    // No `,direct` after it: a module that the proxy refuses must not be fetched from elsewhere.
    {
      name: 'goproxy',
      file: 'the environment, or the file of `go env GOENV`',
      // Whatever is in a local repository is internal.
      text: (target) => `GOPROXY=${urlOf(target)}\n${target.kind === 'local' ? 'GONOSUMDB=*\n' : ''}`,
    },
  ],
  front: {
    className: 'GoFront',
    description: [
      'Go modules: a public module proxy and your own modules under one name. A private name also covers the modules below it, as in `GOPRIVATE`.',
      'A strict ArtifactAPI server merges nothing of this type and accepts uploads only as plain files, so it may not serve the virtual: list `internal` and `remote` in the `GOPROXY` of clients there. The embedded registry does both in its default mode. `clientConfig()` sets `GONOSUMDB` for the private names.',
    ],
    example: { name: 'go', privateNames: ['git.acme.example/'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w.~-]*(?:\/[\w.~-]+)*\/?$/i,
      examples: '"git.acme.example/" or "github.com/acme/tools"',
      patterns: ({ text, isPrefix }) => {
        // Capitals are written as "!" and the letter. What directly follows "/" is not a module if it is "@v".
        const name = quote(text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`));
        const rest = !isPrefix ? '[/@]' : text.endsWith('/') ? '[^@]' : '';
        return [`^/*(?:sumdb/[^/]+/lookup/)?${name}${rest}`];
      },
      // A pattern is one for whole elements of a path, and for everything below it.
      settings: (names) =>
        `GONOSUMDB=${names.map(({ text, isPrefix }) => (text.endsWith('/') ? text.slice(0, -1) : text + (isPrefix ? '*' : ''))).join(',')}\n`,
    },
  },
} satisfies PackageType;
