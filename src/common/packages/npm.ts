import { isPlain, type Target, urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';

/** Who asks: a user whose name and password are in the environment, the password in Base64, or nobody. */
function loginFor(target: Target): string {
  const place = `${urlOf(target).replace(/^https?:/, '')}/`;
  const { login } = target.at ?? {};
  if (login) return `${place}:username=\${${login.username}}\n${place}:_password=\${${login.password}_BASE64}\n`;
  // npm refuses to publish without a token, also where the server asks for none.
  return target.kind === 'local' ? `${place}:_authToken=anonymous\n` : '';
}

function yarnLoginFor({ kind, at }: Target): string {
  if (at) return `npmAlwaysAuth: true\nnpmAuthIdent: "\${${at.login.username}}:\${${at.login.password}}"\n`;
  return kind === 'local' ? 'npmAuthToken: anonymous\n' : '';
}

/** npm packages. */
export const npm = {
  name: 'npm',
  title: 'npm registry',
  upstream: 'https://npm.example.com',
  notes: 'Package metadata counts as changing, tarballs as never changing.',
  paths: { changing: ['left-pad', '@acme/core'], fixed: ['left-pad/-/left-pad-1.3.0.tgz', '@acme/core/-/core-1.0.0.tgz'] },
  url: [
    "`npm config set registry URL/`, where `URL` is `url`. For servers that leave the upstream's tarball URLs as they are, set `replace-registry-host=always` too, as the format `npmrc` of `clientConfig()` and the function `client_config` does; it is for npm, pnpm and yarn 1.",
    'Yarn 2 and later do not read `.npmrc`; use the format `yarnrc` for `.yarnrc.yml`. Recent Yarn 4 does not install versions that are less than a day old; to use your own packages at once, list them in `npmPreapprovedPackages`, such as `["@acme/*"]`. `yarn audit` of yarn 1 always asks the public registry, whatever is configured.',
  ].join('\n\n'),
  uncopied:
    'packages are published, not uploaded as files; publish each tarball again, e.g. with "npm publish FROM/api/v1/local/NAME/PATH.tgz --registry TO/api/v1/local/NAME/", where FROM and TO are the endpoints',
  publishing:
    'The embedded registry supports `npm publish`, `unpublish`, `deprecate` and `dist-tag`, and the `publish` of pnpm and yarn, with the configuration that `clientConfig()` of the local repository returns. Publish with one of these: a tarball uploaded by path is served as a file, but is not a version of the package to npm.\n\nA real ArtifactAPI is not known to support these commands. There, upload tarballs and the metadata that lists them by path, with `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail-with-body --upload-file package-1.0.0.tgz "$UPLOAD_URL/package/-/package-1.0.0.tgz"\n```',
  clients: [
    // `replace-registry-host` is for servers that pass on the upstream's tarball URLs unchanged.
    {
      name: 'npmrc',
      file: '.npmrc',
      text: (target) => `registry=${urlOf(target)}/\nreplace-registry-host=always\n${loginFor(target)}`,
    },
    // For yarn 2 and later, which use servers without TLS only if told to.
    {
      name: 'yarnrc',
      file: '.yarnrc.yml',
      text: (target) =>
        [
          `npmRegistryServer: ${JSON.stringify(urlOf(target))}\n`,
          yarnLoginFor(target),
          isPlain(target) ? `unsafeHttpWhitelist: [${JSON.stringify(new URL(target.endpoint).hostname)}]\n` : '',
        ].join(''),
    },
  ],
  front: {
    className: 'NpmFront',
    description: [
      'npm packages: a public registry and your own packages under one name.',
      'A strict ArtifactAPI server neither merges npm metadata nor generates it from uploads, so clients get nothing through the virtual: point them at `remote` and `internal` there (npm accepts a registry per scope). The embedded registry merges in its default mode. Publish packages to `internal` with `npm publish`; on a strict server, upload metadata and tarballs as plain files.',
    ],
    example: { name: 'npm', privateNames: ['@acme/', 'acme-'] },
    // Where names occur in paths.
    names: {
      shape: /^(?:@[a-z0-9~-][\w.~-]*\/)?(?:[a-z0-9~][\w.~-]*)?$/i,
      examples: '"@acme/" or "acme-"',
      patterns: ({ text, isPrefix }) => {
        // npm asks for the metadata of "@acme/core" as "@acme%2fcore".
        const name = quote(text).replace('@', '(?:@|%40)').replace('/', '(?:/|%2[Ff])');
        return [`^/*(?:-/package/)?${name}${isPrefix ? '' : '(?:/|$)'}`];
      },
    },
  },
} satisfies PackageType;
