import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';

/** Go modules. */
export const goproxy = {
  name: 'goproxy',
  title: 'Go module proxy',
  upstream: 'https://go.example.com',
  notes: '`@v/list` and `@latest` count as changing, module files as never changing.',
  url: '`GOPROXY=URL`, where `URL` is `url`; without `,direct` after it, which would fetch refused modules past the proxy.',
  publishing:
    'ArtifactAPI is not known to make `@v/list`. Upload `.info`, `.mod` and `.zip` of each version by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file v1.0.0.zip "$UPLOAD_URL/example.com/module/@v/v1.0.0.zip"\n```',
  clients: [
    // No `,direct` after it: a module that the proxy refuses must not be fetched from elsewhere.
    {
      name: 'goproxy',
      file: 'the environment, or the file of `go env GOENV`',
      text: (target) => `GOPROXY=${urlOf(target)}\n`,
    },
  ],
  front: {
    className: 'GoFront',
    description: [
      'Go modules: a public module proxy and your own modules under one name. An owned module includes those below it, as with `GOPRIVATE`.',
      'A strict ArtifactAPI server merges nothing of this type and accepts uploads only as plain files, so it may not serve the virtual: list `internal` and `remote` in the `GOPROXY` of clients there. Clients also need `GONOSUMDB` for owned modules.',
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
    },
  },
} satisfies PackageType;
