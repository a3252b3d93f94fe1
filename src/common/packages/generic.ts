import type { PackageType } from '../package-type';

/** Files of any kind. */
export const generic = {
  name: 'generic',
  title: 'file server',
  upstream: 'https://files.example.com',
  notes: 'Every file counts as never changing; name those that do change in `mutable_patterns`.',
  paths: { changing: [], fixed: ['tool/1.0.0/tool.tar.gz'] },
  url: '`curl --fail-with-body --location --remote-name URL/path/of/file`, where `URL` is `url`.',
  publishing: [
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file tool.tar.gz "$UPLOAD_URL/1.0.0/tool.tar.gz"\n```',
    'The embedded registry refuses an upload whose SHA-256 is not the one in the header `X-Checksum-Sha256`, `Repr-Digest` or `Content-Digest`, if it has one. It lists a folder at `URL/path/` (as a page, or in JSON with `Accept: application/json`), and has the checksums of a file at `URL/path/of/file.sha256`, `.sha512`, `.sha1` and `.md5`, as `sha256sum -c` reads them. A real ArtifactAPI is not known to do any of this.',
  ].join('\n\n'),
  served: ['local'],
} satisfies PackageType;
