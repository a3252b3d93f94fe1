import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart, quote } from '../private-names';

/** Helm charts. */
export const helm = {
  name: 'helm',
  title: 'Helm chart repository',
  upstream: 'https://charts.example.com',
  notes: '`index.yaml` counts as changing, charts as never changing.',
  url: '`helm repo add NAME URL`, where `URL` is `url`.',
  publishing:
    'ArtifactAPI is not known to answer `helm push`. Upload files by their paths, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file chart-1.0.0.tgz "$UPLOAD_URL/chart-1.0.0.tgz"\n```',
  served: ['virtual'],
  clients: [
    // What `helm repo add` would write.
    {
      name: 'helm',
      file: 'repositories.yaml',
      text: (target) =>
        `apiVersion: ""\nrepositories:\n  - name: ${JSON.stringify(target.name)}\n    url: ${JSON.stringify(urlOf(target))}\n`,
    },
  ],
  front: {
    className: 'HelmFront',
    description: [
      'Helm charts: a public chart repository and your own charts under one name.',
      'ArtifactAPI merges `index.yaml`. A strict server does not generate one from charts, so upload an `index.yaml` to the internal repository there; the embedded registry generates it in its default mode. An index is one file, so a blocked chart of the upstream is still listed, but its archive is refused.',
    ],
    example: { name: 'charts', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w.-]*$/i,
      examples: '"acme-" or "acme-gateway"',
      patterns: ({ text, isPrefix }) => {
        // What comes before the version must not be the version itself: "acme-1.0.0.tgz" is the chart "acme", and not one of "acme-".
        const rest = isPrefix ? '(?:[\\w-]+|[\\w-]*[A-Za-z_][\\w.-]*)' : '';
        return [`${fileStart}${quote(text)}${rest}-v?[0-9]+\\.[0-9]+\\.[0-9]+[^/]*\\.tgz(?:\\.prov)?$`];
      },
    },
  },
} satisfies PackageType;
