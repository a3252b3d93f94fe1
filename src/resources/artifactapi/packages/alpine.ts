import type { PackageType } from '../shared';

export const alpine: PackageType = {
  name: 'alpine',
  title: 'Alpine package repository',
  upstream: 'https://alpine.example.com/v3.22/main',
  notes: '`APKINDEX.tar.gz` counts as changing, packages as never changing.',
  url: 'A line of `/etc/apk/repositories` is `url`; `apk` adds the architecture and `APKINDEX.tar.gz` to it.',
  publishing:
    'ArtifactAPI is not known to make `APKINDEX.tar.gz`. Upload it with the packages, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file example-1.0-r0.apk "$UPLOAD_URL/x86_64/example-1.0-r0.apk"\n```',
};
