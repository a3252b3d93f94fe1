import { isUrl } from '../common/urls';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { BackendName } from '../registry/server';

/** What `repoform registry` is told. */
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
      'Starts the embedded registry, which speaks the APIs of ArtifactAPI and BK-Repo: for trying, for tests, and to work with nothing else installed.',
    )
    .helpOption('-h, --help', 'print this help')
    .option('--backend <names>', 'what to speak: artifactapi (the default), bkrepo or all; with commas, or repeated', parseBackends)
    .option('--port <port>', 'port to listen on, for ArtifactAPI where both are spoken; 0 takes a free one', parsePort, 8000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'URL that clients reach it at, for the links it writes; behind a front', parsePublicUrl)
    .option('--trust-forwarded', 'take that from X-Forwarded-Proto, -Host, -Port and -Prefix; only with a front that sets them', false)
    .option('--data <folder>', 'folder that keeps repositories and files', '.repoform/registry')
    .option('--strict', 'do what a real server is known to do, and no more', false)
    .option('--faults <file>', 'JSON file that says which answers go wrong, to try how clients take it');
  return bkrepoOptions(command)
    .addHelpText('after', examples)
    .action(async (options: RegistryCommandOptions, self: Command) => {
      const { runRegistry } = await import('./registry-run');
      await runRegistry({ ...options, bkrepoPort: bkrepoPort(options, self) });
    });
}

/** `--port` is that of BK-Repo where BK-Repo is alone. */
function bkrepoPort({ backend = [], port, bkrepoPort: own }: RegistryCommandOptions, command: Command): number {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  return backend.every((name) => name === 'bkrepo') && backend.length > 0 && given('port') && !given('bkrepoPort') ? port : own;
}

function bkrepoOptions(command: Command): Command {
  return command
    .option('--bkrepo-port <port>', 'port to listen on for BK-Repo; 0 takes a free one', parsePort, 8080)
    .option('--bkrepo-prefix <path>', 'path that stands before everything BK-Repo serves', '')
    .addOption(new Option('--bkrepo-access-key <key>', 'access key of the platform account of BK-Repo').env('BKREPO_ACCESS_KEY'))
    .addOption(new Option('--bkrepo-secret-key <key>', 'its secret key; made and shown once when there is none').env('BKREPO_SECRET_KEY'))
    .option('--seed', 'begin with the project "blueking" and its repositories in BK-Repo', false);
}

function parseBackends(text: string, before: readonly BackendName[] = []): readonly BackendName[] {
  const names: string[] = text.split(',').flatMap((name) => (name === 'all' ? [...BACKENDS] : [name]));
  if (!names.every((name): name is BackendName => BACKENDS.some((known) => known === name))) {
    throw new InvalidArgumentError('The backends are artifactapi, bkrepo and all.');
  }
  return [...before, ...names];
}

function parsePublicUrl(text: string): string {
  const url = isUrl(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text) || url.search || url.hash || url.username || url.password)
    throw new InvalidArgumentError(
      'A public URL is an http or https URL such as https://packages.example.com/registry, without credentials or a query.',
    );
  return text.replace(/\/+$/, '');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
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
