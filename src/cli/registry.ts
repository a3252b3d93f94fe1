import { isUrl } from '../common/urls';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { BackendName } from '../registry/server';

/** The options of `repoform registry`. */
export interface RegistryCommandOptions {
  readonly backend?: readonly BackendName[];
  readonly port: number;
  readonly bkrepoPort: number;
  readonly bkrepoPrefix: string;
  readonly bkrepoAccessKey?: string;
  readonly bkrepoSecretKey?: string;
  readonly seed: boolean;
  readonly host: string;
  readonly publicUrl?: string;
  readonly trustForwarded: boolean;
  readonly data: string;
  readonly strict: boolean;
  readonly faults?: string;
}

// Typed out here as well: the registry is loaded only when it starts.
const BACKENDS: readonly BackendName[] = ['artifactapi', 'bkrepo'];

/** `repoform registry`: the embedded registry. */
export function registryCommand(): Command {
  const command = new Command('registry')
    .summary('start the embedded registry')
    .description(
      'Starts the embedded registry, which implements the APIs of ArtifactAPI and BK-Repo: for trying things out, for tests, and for work without any other server.',
    )
    .helpOption('-h, --help', 'print this help')
    .option(
      '--backend <names>',
      'API to serve: artifactapi (default), bkrepo or all; separate several with commas, or repeat the option',
      parseBackends,
    )
    .option('--port <port>', 'port to listen on (that of ArtifactAPI if both APIs are served); 0 picks a free one', parsePort, 8000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--public-url <url>',
      'URL under which clients reach the registry, for the links it generates behind a reverse proxy',
      parsePublicUrl,
    )
    .option(
      '--trust-forwarded',
      'take the public URL from X-Forwarded-Proto, -Host, -Port and -Prefix; use only behind a reverse proxy that sets them',
      false,
    )
    .option('--data <folder>', 'folder that keeps repositories and files', '.repoform/registry')
    .option('--strict', 'behave only as a real server is known to behave', false)
    .option('--faults <file>', 'JSON file with faults to inject into answers, to test how clients cope');
  return bkrepoOptions(command)
    .addHelpText('after', examples)
    .action(async (options: RegistryCommandOptions, self: Command) => {
      const { runRegistry } = await import('./registry-run');
      await runRegistry({ ...options, bkrepoPort: bkrepoPort(options, self) });
    });
}

/** With BK-Repo alone, `--port` is its port. */
function bkrepoPort({ backend = [], port, bkrepoPort: own }: RegistryCommandOptions, command: Command): number {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  return backend.every((name) => name === 'bkrepo') && backend.length > 0 && given('port') && !given('bkrepoPort') ? port : own;
}

function bkrepoOptions(command: Command): Command {
  return command
    .option('--bkrepo-port <port>', 'port to listen on for BK-Repo; 0 picks a free one', parsePort, 8080)
    .option('--bkrepo-prefix <path>', 'path prefix of everything that BK-Repo serves', '')
    .addOption(new Option('--bkrepo-access-key <key>', 'access key of the platform account of BK-Repo').env('BKREPO_ACCESS_KEY'))
    .addOption(new Option('--bkrepo-secret-key <key>', 'its secret key; generated and shown once if omitted').env('BKREPO_SECRET_KEY'))
    .option('--seed', 'create the project "blueking" and its repositories in BK-Repo', false);
}

function parseBackends(text: string, before: readonly BackendName[] = []): readonly BackendName[] {
  const names: string[] = text.split(',').flatMap((name) => (name === 'all' ? [...BACKENDS] : [name]));
  if (!names.every((name): name is BackendName => BACKENDS.some((known) => known === name))) {
    throw new InvalidArgumentError('Allowed backends are artifactapi, bkrepo and all.');
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

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('A port must be a whole number from 0 to 65535.');
  return port;
}

const examples = `
Examples:
  repoform registry                             on http://127.0.0.1:8000, data in .repoform/registry
  repoform registry --port 0 --data /tmp/try    on a free port, with data elsewhere
  repoform registry --backend bkrepo            BK-Repo instead, on http://127.0.0.1:8080
  repoform registry --backend all               both
  repoform registry --public-url https://packages.example.com
                                                behind a front that ends TLS
  repoform registry --strict                    without what a real server may lack

ArtifactAPI has no passwords: whoever reaches its port can read and change everything. BK-Repo begins with the
user "admin" and the password "password". Ctrl-C stops both; the data stays.
`;
