import type { PackageType } from '../shared';

export const goproxy: PackageType = {
  name: 'goproxy',
  title: 'Go module proxy',
  upstream: 'https://go.example.com',
  notes: '`@v/list` and `@latest` count as changing, module files as never changing.',
  url: '`GOPROXY=URL`, where `URL` is `url`; without `,direct` after it, which would fetch refused modules past the proxy.',
  publishing:
    'ArtifactAPI is not known to make `@v/list`. Upload `.info`, `.mod` and `.zip` of each version by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file v1.0.0.zip "$UPLOAD_URL/example.com/module/@v/v1.0.0.zip"\n```',
};
