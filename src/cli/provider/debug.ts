import { composeProvider } from '../../compose';
import { serveDebug } from '../../protocol/serve-debug';
import { providers } from '../../resources';
import { watchLauncher } from '../launcher';
import { defaultSource } from './source';

/** Serves the providers to a Terraform with TF_REATTACH_PROVIDERS set, until Ctrl-C. */
export async function debugProviders(): Promise<void> {
  const servers = await Promise.all(providers.map(({ name }) => serve(name)));
  const reattach = Object.assign({}, ...servers.map((server) => JSON.parse(server.reattach) as object)) as object;
  const end = (): void => servers.forEach((server) => server.close());
  process.once('SIGTERM', end);
  watchLauncher(end);
  process.stdout.write(`The provider runs as process ${process.pid}. In another terminal:

  export TF_REATTACH_PROVIDERS='${JSON.stringify(reattach)}'

then run terraform (or cdktf) there: it uses this process. Set TF_LOG=debug here to see what it does. Ctrl-C stops it.
`);
}

function serve(name: string): ReturnType<typeof serveDebug> {
  return serveDebug({
    addresses: [defaultSource(name)],
    load: ({ log }) => composeProvider(name, (level, message, fields) => log.log(level, message, fields)),
    print: () => undefined,
  });
}
