import type { PackageType } from '../shared';

export const npm: PackageType = {
  name: 'npm',
  title: 'npm registry',
  upstream: 'https://npm.example.com',
  notes: 'Package metadata counts as changing, tarballs as never changing.',
  url: "`npm config set registry URL/`, where `URL` is `url`. For servers that leave the upstream's tarball URLs as they are, set `replace-registry-host=always` too, as `clientConfig()` and the function `client_config` do.",
  publishing:
    'ArtifactAPI is not known to answer `npm publish`. Upload files by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file package-1.0.0.tgz "$UPLOAD_URL/package/-/package-1.0.0.tgz"\n```',
};
