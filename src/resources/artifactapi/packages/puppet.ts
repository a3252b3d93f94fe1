import type { PackageType } from '../shared';

export const puppet: PackageType = {
  name: 'puppet',
  title: 'Puppet Forge',
  upstream: 'https://forge.example.com',
  notes: '`v3/modules` and `v3/releases` count as changing, module archives as never changing.',
  url: '`puppet module install --module_repository URL NAME`, where `URL` is `url`.',
  publishing:
    'ArtifactAPI is not known to answer `pdk release`. Upload files by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file acme-example-1.0.0.tar.gz "$UPLOAD_URL/v3/files/acme-example-1.0.0.tar.gz"\n```',
};
