import type { PackageType } from '../shared';

export const rpm: PackageType = {
  name: 'rpm',
  title: 'RPM repository',
  upstream: 'https://rpm.example.com/el9',
  notes: '`repodata/` counts as changing, packages as never changing.',
  url: '`baseurl=URL` in a file of `/etc/yum.repos.d`, where `URL` is `url`; `clientConfig()` and the function `client_config` give that file.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file example-1.0-1.x86_64.rpm "$UPLOAD_URL/example-1.0-1.x86_64.rpm"\n```\n\nThe server reads the headers of a package after the upload; it is in `repodata` a moment later.',
  served: ['local'],
};
