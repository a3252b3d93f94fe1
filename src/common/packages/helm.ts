import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart, quote } from '../private-names';

/** Helm charts. */
export const helm = {
  name: 'helm',
  title: 'Helm chart repository',
  upstream: 'https://charts.example.com',
  notes: '`index.yaml` counts as changing, charts as never changing.',
  paths: { changing: ['index.yaml'], fixed: ['charts/nginx-1.2.3.tgz'] },
  url: '`helm repo add NAME URL`, where `URL` is `url`. The embedded registry also supports `helm pull oci://HOST/REPOSITORY/CHART`, for remotes if the upstream is an OCI registry. `oci://` links in an index are not rewritten: Helm pulls from that registry directly.',
  publishing: [
    'The embedded registry accepts charts in the usual ways and generates `index.yaml` from them:',
    [
      '```sh',
      'helm push chart-1.0.0.tgz oci://HOST/NAME              # add --plain-http if the server has no TLS',
      'helm cm-push chart-1.0.0.tgz REPO                      # the plugin, after helm repo add REPO URL',
      'curl --fail-with-body -F chart=@chart-1.0.0.tgz -F prov=@chart-1.0.0.tgz.prov "$URL/api/charts"',
      '```',
    ].join('\n'),
    'However a chart was published, it can be pulled through the index and as `oci://HOST/NAME/CHART`. Only `cm-push --force` replaces a published version. Names consist of lower-case letters, digits, `-`, `.` and `_`, versions follow SemVer 2, and a provenance file must contain the checksum of its chart.',
    'A real ArtifactAPI is not known to support any of these. Upload files by path there, with `UPLOAD_URL` set to `upload_url`; the embedded registry accepts this too, if the file name matches `Chart.yaml`:\n\n```sh\ncurl --fail-with-body --upload-file chart-1.0.0.tgz "$UPLOAD_URL/chart-1.0.0.tgz"\n```',
  ].join('\n\n'),
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
      'ArtifactAPI merges `index.yaml`. A strict server does not generate one from charts, so upload an `index.yaml` to the internal repository there; the embedded registry generates it in its default mode. There, a chart of the internal repository has only the versions published to it, even if the upstream has a chart of the same name. An index is one file, so a blocked chart of the upstream is still listed, but its archive is refused.',
    ],
    example: { name: 'charts', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w.-]*$/i,
      examples: '"acme-" or "acme-gateway"',
      patterns: ({ text, isPrefix }) => {
        // What comes before the version must not be the version itself: "acme-1.0.0.tgz" is the chart "acme", and not one of "acme-".
        const rest = isPrefix ? '(?:[\\w-]+|[\\w-]*[A-Za-z_][\\w.-]*)' : '';
        const files = `${fileStart}${quote(text)}${rest}-v?[0-9]+\\.[0-9]+\\.[0-9]+[^/]*\\.tgz(?:\\.prov)?$`;
        // In an OCI registry a chart is the last part of a name, and two more follow: "manifests/1.0.0". So they do after "-/", for files elsewhere.
        return [files, `^/*(?:-|v2(?:/[^/]+)*)/${quote(text)}${isPrefix ? '[^/]+' : ''}/[^/]+/[^/]+$`];
      },
    },
  },
} satisfies PackageType;
