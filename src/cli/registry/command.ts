import { isUrl } from '../../common/urls';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { KubeSphereVersion } from '../../registry/kubesphere';
import type { BackendName } from '../../registry/server';
import { Misuse } from '../failure';
import { auditCommand } from './audit/command';
import { loginOptions, type LoginCommandOptions } from './logins';
import { maintenanceCommands } from './maintenance/command';
import { addSwitch, setting, wholeNumber } from './options';
import { operationOptions, type OperationCommandOptions } from './operations';
import { packageOptions, type PackageCommandOptions } from './packages';
import { storageOptions, type StorageCommandOptions } from './storage';
import { tokenCommand } from './token/command';

/** The options of `repoform registry`. */
export interface RegistryCommandOptions extends OperationCommandOptions, PackageCommandOptions, StorageCommandOptions, LoginCommandOptions {
  readonly backend?: readonly BackendName[];
  readonly port: number;
  readonly bkrepoPort: number;
  readonly bkrepoPrefix: string;
  readonly bkrepoAccessKey?: string;
  readonly bkrepoSecretKey?: string;
  readonly bkrepoAdminPassword?: string;
  readonly seed: boolean;
  readonly kubespherePort: number;
  readonly kubesphereVersion: KubeSphereVersion;
  readonly kubesphereWorkspaces: readonly string[];
  readonly kubesphereAdminPassword?: string;
  readonly host: string;
  readonly publicUrl?: string;
  readonly trustForwarded: boolean;
  readonly accelRedirect?: string;
  readonly strict: boolean;
  readonly faults?: string;
}

// Typed out here as well: the registry is loaded only when it starts.
const BACKENDS: readonly BackendName[] = ['artifactapi', 'bkrepo', 'kubesphere'];
const KUBESPHERE_VERSIONS: readonly KubeSphereVersion[] = ['3.4', '4.1.2', '4.1'];

/** `repoform registry`: the embedded registry. */
export function registryCommand(): Command {
  const command = new Command('registry')
    .summary('start the embedded registry')
    .description(
      'Starts the embedded registry, which implements the APIs of ArtifactAPI, BK-Repo and the app repositories of KubeSphere: in one process with nothing to install, or in several on PostgreSQL and a bucket.',
    )
    .helpOption('-h, --help', 'print this help')
    .addOption(
      setting(
        '--backend <names>',
        'API to serve: artifactapi (default), bkrepo, kubesphere or all; separate several with commas, or repeat the option',
      ).argParser(parseBackends),
    )
    .addOption(port('--port <port>', 'port to listen on (that of ArtifactAPI if several APIs are served); 0 picks a free one', 8000))
    .addOption(setting('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(
      setting(
        '--public-url <url>',
        'URL under which clients reach the registry, for the links it generates behind a reverse proxy',
      ).argParser(parsePublicUrl),
    );
  addSwitch(
    command,
    '--trust-forwarded',
    'take the public URL from X-Forwarded-Proto, -Host, -Port and -Prefix, and the address of the client from the last entry of X-Forwarded-For; use only behind a reverse proxy that sets them',
  ).addOption(
    setting(
      '--accel-redirect <path>',
      'internal location, e.g. /blobs/, at which nginx in front of the registry serves the folder "blobs" of the data folder; nginx then sends large files itself',
    ).argParser(parseLocation),
  );
  addSwitch(command, '--strict', 'behave only as a real server is known to behave').addOption(
    setting('--faults <file>', 'JSON file with faults to inject into answers, to test how clients cope'),
  );
  for (const each of maintenanceCommands()) command.addCommand(each);
  return operationOptions(loginOptions(packageOptions(kubesphereOptions(bkrepoOptions(storageOptions(command))))))
    .enablePositionalOptions()
    .addCommand(tokenCommand())
    .addCommand(auditCommand())
    .addHelpText('after', examples)
    .action(async (options: RegistryCommandOptions, self: Command) => {
      refuseUnserved(options, self);
      const { runRegistry } = await import('./run');
      await runRegistry({ ...options, ...ownPorts(options, self) });
    });
}

/** With one backend alone, `--port` is its port. */
function ownPorts(options: RegistryCommandOptions, command: Command): Pick<RegistryCommandOptions, 'bkrepoPort' | 'kubespherePort'> {
  const { backend = [], port } = options;
  const given = (name: string): boolean => command.getOptionValueSource(name) !== 'default';
  const own = (name: BackendName, option: 'bkrepoPort' | 'kubespherePort'): number =>
    backend.length > 0 && backend.every((each) => each === name) && given('port') && !given(option) ? port : options[option];
  return { bkrepoPort: own('bkrepo', 'bkrepoPort'), kubespherePort: own('kubesphere', 'kubespherePort') };
}

/** The options that shape what one backend serves. */
const shaping: Readonly<Partial<Record<BackendName, readonly string[]>>> = {
  bkrepo: ['bkrepoPrefix', 'bkrepoAccessKey', 'bkrepoSecretKey', 'bkrepoAdminPassword', 'seed'],
  kubesphere: ['kubesphereVersion', 'kubesphereWorkspaces', 'kubesphereAdminPassword'],
};

/** Refuses an option on the command line for a backend that is not served: who gives it takes that for served. */
function refuseUnserved({ backend = ['artifactapi'] }: RegistryCommandOptions, command: Command): void {
  for (const [name, keys] of Object.entries(shaping)) {
    const given = command.options.find(
      (option) => keys.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (given && !backend.some((each) => each === name))
      throw new Misuse(
        `${given.long} is for the backend ${name}, which is not served; add "--backend ${name}", or "--backend all" for all of them`,
      );
  }
}

function bkrepoOptions(command: Command): Command {
  command
    .optionsGroup('BK-Repo:')
    .addOption(port('--bkrepo-port <port>', 'port to listen on for BK-Repo; 0 picks a free one', 8080))
    .addOption(setting('--bkrepo-prefix <path>', 'path prefix of everything that BK-Repo serves').default(''))
    .addOption(new Option('--bkrepo-access-key <key>', 'access key of the platform account of BK-Repo').env('BKREPO_ACCESS_KEY'))
    .addOption(new Option('--bkrepo-secret-key <key>', 'its secret key; generated and shown once if omitted').env('BKREPO_SECRET_KEY'))
    .addOption(adminPassword('bkrepo'));
  return addSwitch(command, '--seed', 'create the project "blueking" and its repositories in BK-Repo');
}

function kubesphereOptions(command: Command): Command {
  return command
    .optionsGroup('KubeSphere:')
    .addOption(port('--kubesphere-port <port>', 'port to listen on for KubeSphere; 0 picks a free one', 30880))
    .addOption(
      setting(
        '--kubesphere-version <version>',
        'version of KubeSphere to behave as; 4.1 is 4.1.3 and later. Versions 3 and 4 keep separate repositories',
      )
        .choices(KUBESPHERE_VERSIONS)
        .default('4.1'),
    )
    .addOption(
      setting('--kubesphere-workspaces <names>', 'workspaces that KubeSphere starts with, separated by commas')
        .argParser(parseNames)
        .default(['demo']),
    )
    .addOption(adminPassword('kubesphere'));
}

function adminPassword(backend: BackendName): Option {
  const described = 'password of the user "admin", in place of the known one; required on any other address than a loopback one';
  return setting(`--${backend}-admin-password <password>`, described);
}

function port(flags: string, description: string, byDefault: number): Option {
  return setting(flags, description).argParser(wholeNumber('A port', 65535)).default(byDefault);
}

function parseNames(text: string): readonly string[] {
  const names = text.split(',');
  if (!names.every((name) => /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)))
    throw new InvalidArgumentError('The name of a workspace has up to 63 lower-case letters, digits and dashes, no dash at either end.');
  return names;
}

function parseBackends(text: string, before: readonly BackendName[] = []): readonly BackendName[] {
  const names: string[] = text.split(',').flatMap((name) => (name === 'all' ? [...BACKENDS] : [name]));
  if (!names.every((name): name is BackendName => BACKENDS.some((known) => known === name))) {
    throw new InvalidArgumentError(`Allowed backends are ${BACKENDS.join(', ')} and all.`);
  }
  return [...before, ...names];
}

function parsePublicUrl(text: string): string {
  const url = isUrl(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text) || url.search || url.hash || url.username || url.password)
    throw new InvalidArgumentError(
      'A public URL must be an http or https URL such as https://packages.example.com/registry, without credentials or a query.',
    );
  return text.replace(/\/+$/, '');
}

function parseLocation(text: string): string {
  if (!/^(?:\/[\w.~-]+)+\/$/.test(text)) throw new InvalidArgumentError('A location must start and end with a slash, e.g. /blobs/.');
  return text;
}

const examples = `
Examples:
  repoform registry                             on http://127.0.0.1:8000, data in .repoform/registry
  repoform registry --port 0 --data /tmp/try    on a free port, with data elsewhere
  repoform registry --backend bkrepo            BK-Repo instead, on http://127.0.0.1:8080
  repoform registry --backend kubesphere        KubeSphere 4.1 instead, on http://127.0.0.1:30880
  repoform registry --backend all               all three
  repoform registry --public-url https://packages.example.com
                                                behind a reverse proxy that terminates TLS
  repoform registry --strict                    without what a real server may lack
  repoform registry token create ci --scope "read:npm*" --scope "write:npm-internal"
                                                a token; logins are required with --auth, and on any other
                                                address than a loopback one, such as --host 0.0.0.0

Local Terraform repositories sign the checksums of their providers with a key that the registry generates and keeps, or with the
armored private key in the file TF_SIGNING_KEY_PATH (and its passphrase TF_SIGNING_KEY_PASSPHRASE). TF_PROVIDER_PROTOCOLS sets
the plugin protocols that it advertises for providers (default 5.0,6.0). Indexes of RPM packages are signed with the same key.

Instead of DATABASE_URL, the database can be named by DBHOST, DBPORT (5432), DBUSER (artifacts), DBPASS, DBNAME (artifacts) and DBSSL
(an sslmode: disable, require, verify-ca, verify-full or no-verify). Connections to other machines are encrypted and verified by default.

With a bucket, the credentials come from MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or from the usual sources of the AWS SDK, which
also read AWS_ENDPOINT_URL_S3 and AWS_REGION.

On a loopback address ArtifactAPI needs no login: every program on this machine can read and change everything. BK-Repo begins with
the user "admin" and the password "password", KubeSphere with "admin" and "P@88w0rd"; on any other address they need passwords of your
own. Ctrl-C stops them; the data stays.
`;
