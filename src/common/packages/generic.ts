import type { PackageType } from '../package-type';

/** Files of any kind. */
export const generic = {
  name: 'generic',
  title: 'file server',
  upstream: 'https://files.example.com',
  notes: 'Every file counts as never changing; name those that do change in `mutable_patterns`.',
  paths: { changing: [], fixed: ['tool/1.0.0/tool.tar.gz'] },
  url: '`curl --fail-with-body --location --remote-name URL/path/of/file`, where `URL` is `url`.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file tool.tar.gz "$UPLOAD_URL/1.0.0/tool.tar.gz"\n```',
  served: ['local'],
} satisfies PackageType;
