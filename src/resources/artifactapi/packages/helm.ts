import type { PackageType } from '../shared';

export const helm: PackageType = {
  name: 'helm',
  title: 'Helm chart repository',
  upstream: 'https://charts.example.com',
  notes: '`index.yaml` counts as changing, charts as never changing.',
  url: '`helm repo add NAME URL`, where `URL` is `url`.',
  publishing:
    'ArtifactAPI is not known to answer `helm push`. Upload files by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file chart-1.0.0.tgz "$UPLOAD_URL/chart-1.0.0.tgz"\n```',
  served: ['virtual'],
};
