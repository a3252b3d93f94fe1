import { Command, InvalidArgumentError } from 'commander';

/** What `repoform registry` is told. */
export interface RegistryCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly strict: boolean;
  readonly faults?: string;
}

/** `repoform registry`: the embedded registry. */
export function registryCommand(): Command {
  return new Command('registry')
    .summary('start the embedded registry')
    .description(
      'Starts the embedded registry, which speaks the API of ArtifactAPI: for trying, for tests, and to work with nothing else installed.',
    )
    .helpOption('-h, --help', 'print this help')
    .option('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 8000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <folder>', 'folder that keeps repositories and files', '.repoform/registry')
    .option('--strict', 'do what a real server is known to do, and no more', false)
    .option('--faults <file>', 'JSON file that says which answers go wrong, to try how clients take it')
    .addHelpText('after', examples)
    .action(async (options: RegistryCommandOptions) => {
      const { runRegistry } = await import('./registry-run');
      await runRegistry(options);
    });
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
  repoform registry --strict                    without what a real server may lack

It has no passwords: whoever reaches the port can read and change everything. Ctrl-C stops it; the data stays.
`;
