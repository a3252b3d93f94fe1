import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';

/** Puppet modules. */
export const puppet = {
  name: 'puppet',
  title: 'Puppet Forge',
  upstream: 'https://forge.example.com',
  notes: '`v3/modules` and `v3/releases` count as changing, module archives as never changing.',
  paths: { changing: ['v3/modules/puppetlabs-stdlib', 'v3/releases'], fixed: ['v3/files/puppetlabs-stdlib-9.6.0.tar.gz'] },
  url: '`puppet module install --module_repository URL NAME`, where `URL` is `url`. r10k reads the address of its forge from its configuration file only.',
  publishing: [
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file acme-example-1.0.0.tar.gz "$UPLOAD_URL/v3/files/acme-example-1.0.0.tar.gz"\n```',
    'The embedded registry answers version 3 of the Forge API from the uploaded modules. The file name must match `metadata.json`. It also accepts what `pdk release publish --forge-upload-url=URL/v3/releases` sends. A real ArtifactAPI is not known to support either.',
  ].join('\n\n'),
  clients: [
    // For `puppet module install`.
    {
      name: 'puppet',
      file: 'puppet.conf',
      text: (target) => `[main]\nmodule_repository = ${urlOf(target)}\n`,
    },
    // For `r10k`, which needs it in a file.
    {
      name: 'r10k',
      file: 'r10k.yaml',
      text: (target) => `forge:\n  baseurl: ${JSON.stringify(urlOf(target))}\n`,
    },
  ],
  front: {
    className: 'PuppetFront',
    description: [
      'Puppet modules: a public forge and your own modules under one name.',
      'A strict ArtifactAPI server merges nothing of this type and accepts uploads only as plain files, so it may not serve the virtual: point clients at `remote` there. The embedded registry merges the Forge API in its default mode, and takes a module that you have published from your own repository only. Blocklists match paths without the query, so a list of releases by `?module=` is not refused; modules and archives are.',
    ],
    example: { name: 'puppet', privateNames: ['acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9]+[-/](?:[a-z]\w*)?$/i,
      examples: '"acme-" or "acme-ntp"',
      patterns: ({ text, isPrefix }) => {
        const name = quote(text.replace('/', '-'));
        return [`^/*v3/(?:modules|releases|files)/${name}${isPrefix ? '' : '(?:-[0-9][^/]*)?(?:/|$)'}`];
      },
    },
  },
} satisfies PackageType;
