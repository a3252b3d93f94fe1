import { setTimeout as sleep } from 'node:timers/promises';
import { type Access } from './access/access';
import { openAccess } from './access/start';
import { clientAddress, isLoopback } from './access/address';
import { accessTables } from './access/tables';
import { bkRepoTables } from './backends/bkrepo/tables';
import { kubeSphereTables } from './backends/kubesphere/setup';
import { prepare, type Prepared } from './backends/prepare';
import { type Context } from './context';
import { reasonOf } from './errors';
import { Events } from './events';
import { Faults } from './faults/fault';
import { listen } from './http-app';
import { type BackendName, type Registry, type RegistryOptions } from './options';
import { type Logger, silent } from './logger';
import { Cleaning } from './operations/cleaning';
import { storeMetrics } from './operations/store-metrics';
import { Operations } from './operations/operations';
import { Engine } from './proxy/engine';
import { type Signer } from './openpgp/signer';
import { refuseUnfinished } from './maintenance/migrate';
import { Reach } from './proxy/reach';
import { IndexCache } from './proxy/index-cache';
import { Upstream } from './proxy/upstream';
import { readSettings, type Settings } from './settings';
import { ownSigner, readGivenKey } from './signing';
import { nameOf, readDatabase } from './store/postgres/target';
import { hearDamaged } from './store/damage';
import { hearGone } from './store/gone';
import { nameOf as bucketName } from './store/s3/settings';
import { Quotas } from './store/quotas';
import { openStore, type Store } from './store/store';

export { type Fault } from './faults/fault';
export { BACKENDS, type BackendName, type Registry, type RegistryOptions } from './options';
export { type Logger } from './logger';
export { type OperationOptions } from './operations/operations';

/** The tables of the backends, which are made whether they are served or not. */
export const TABLES = [accessTables, bkRepoTables, kubeSphereTables] as const;
const LOOPBACK = '127.0.0.1';

/** Starts the embedded registry; it is ready when the promise resolves. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { host = LOOPBACK, logger = silent, closeGraceMs = 1000, backends = ['artifactapi'], environment = {} } = options;
  const set = { given: readSettings(environment), key: readGivenKey(environment) };
  const database = readDatabase(options.databaseUrl, environment);
  const { operations, store, access, reach } = await open(options, database, logger);
  const upstream = new Upstream({ guard: operations.guard, reach });
  const urls: Partial<Record<BackendName, string>> = {};
  const cleaning = new Cleaning({ store, options, logger, metrics: operations.metrics, more: () => access.audit.prune() });
  const events = new Events(database && store.metadata, logger);
  const context = makeContext(options, { store, access, upstream, operations, cleaning, events, reach, urls, ...set });
  const faults = faultsOf(options.faults);
  const prepared: Prepared[] = [];
  let closing: Promise<void> | undefined;

  const stop = async (delayMs = 0) => {
    operations.stop();
    await sleep(delayMs);
    await closeApps(prepared, operations, closeGraceMs);
    upstream.close();
    await cleaning.close();
    await events.close();
    await access.close();
    await store.close();
    await operations.close();
  };

  try {
    for (const name of new Set(backends)) prepared.push(await prepare(name, { options, context, faults }));
    for (const { name, app, port, prefix = '' } of prepared) urls[name] = (await listen(app, host, port)) + prefix;
    await operations.listen(host);
    cleaning.start();
  } catch (cause) {
    await stop();
    throw cause;
  }
  const url = urls[prepared[0]?.name ?? 'artifactapi'] ?? '';
  const platformKeys = prepared.find((each) => each.platformKeys)?.platformKeys;
  const kept = { ...(database && { database: nameOf(database) }), ...(options.s3 && { storage: bucketName(options.s3) }) };
  logger.info('the registry listens', { ...urls, data: options.data, ...kept, strict: options.strict ?? false });
  return {
    url,
    urls,
    ...(platformKeys && { platformKeys }),
    ...kept,
    requiresLogins: access.isRequired && urls.artifactapi !== undefined,
    ...(operations.url !== undefined && { metricsUrl: operations.url }),
    notes: prepared.flatMap((each) => each.notes ?? []),
    reload: () => operations.reload(),
    inFlight: () => operations.inFlight,
    close: () => (closing ??= stop(options.closeDelayMs)),
  };
}

/** Opens what the registry stands on. */
async function open(options: RegistryOptions, database: ReturnType<typeof readDatabase>, logger: Logger) {
  const { accelRedirect: front, databaseConnections: connections, strict = false, trustForwarded = false } = options;
  const operations = await Operations.open({ options, logger, strict, trustForwarded, environment: options.environment ?? {} });
  try {
    const { s3, storeLimit } = options;
    const { onStatement } = operations;
    const reached = { front, database, connections, s3, logger, onStatement };
    const opened = await openStore(options.data, TABLES, { ...reached, storeLimit, mayLackCache: true });
    // Commands reach a database beside the processes that share it, but a folder only through the process that holds it.
    const stopListening = database ? () => undefined : await hearCommands(options.data, opened, logger);
    const store: Store = { ...opened, close: () => (stopListening(), opened.close()) };
    await refuseUnfinished(store.metadata).catch(async (cause: unknown) => {
      await store.close();
      throw cause;
    });
    operations.metrics.add(...storeMetrics(store));
    hearGone(store.metadata, operations.forget);
    operations.check('database', () => store.metadata.ping());
    operations.check('storage', () => store.blobs.check());
    const { host = LOOPBACK, backends = ['artifactapi'] } = options;
    const reach = new Reach({ internalHosts: options.internalHosts, isFree: strict });
    const around = { ...options, host, strict, reach, hasOpenApi: backends.includes('artifactapi') };
    const access = await openAccess(store, around, logger).catch(async (cause: unknown) => {
      await store.close();
      throw cause;
    });
    operations.guardMetrics((request) =>
      access.mayMeasure(clientAddress({ headers: request.headers, raw: request }, trustForwarded), request.headers),
    );
    return { operations, store, access, reach };
  } catch (cause) {
    await operations.close();
    throw cause;
  }
}

/** Listens for commands about the store; the registry serves without that, too. */
async function hearCommands(folder: string, store: Store, logger: Logger): Promise<() => void> {
  const { listenForCommands } = await import('./maintenance/admin');
  return listenForCommands(folder, store).catch((cause: unknown) => {
    logger.warn('commands cannot reach this process', { reason: reasonOf(cause) });
    return () => undefined;
  });
}

interface Parts {
  readonly store: Store;
  readonly operations: Operations;
  readonly access: Access;
  readonly urls: Registry['urls'];
  readonly upstream: Upstream;
  readonly cleaning: Cleaning;
  readonly events: Events;
  readonly reach: Reach;
  readonly given: Settings;
  readonly key: Signer | undefined;
}

function makeContext(options: RegistryOptions, parts: Parts): Context {
  const { store, access, upstream, operations, cleaning, events, reach, urls, given, key } = parts;
  const { logger = silent, strict = false, trustForwarded = false, unverified } = options;
  const engine = new Engine({
    store,
    upstream,
    logger,
    strict,
    unverified,
    // What a backend keeps for remotes of its own is not for everybody to know.
    onCached({ name: remote, owner }, path, { size }) {
      cleaning.cached(size);
      if (!owner) events.emit('artifact.cached', { remote, path, size });
    },
  });
  const quotas = new Quotas(options.quotas);
  const publicUrl = options.publicUrl?.replace(/\/+$/, '');
  const signer = key ? () => Promise.resolve(key) : ownSigner(store.signingKeys);
  const pages = () => Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, `${url}/ui/`]));
  const isExposed = !isLoopback(options.host ?? LOOPBACK) && !options.insecure;
  const told = { publicUrl, trustForwarded, pages, isExposed };
  const indexes = new IndexCache();
  hearGone(store.metadata, (name) => indexes.forget(name));
  hearDamaged(store.metadata, (hash) => {
    engine.distrust(hash);
    // Any of them may have been made of it.
    indexes.clear();
  });
  return { store, access, quotas, engine, reach, indexes, events, logger, operations, given, signer, strict, ...told };
}

function faultsOf(option: RegistryOptions['faults']): Faults | undefined {
  if (!option) return undefined;
  const active = new Faults();
  if (option !== true) active.add(option);
  return active;
}

async function closeApps(apps: readonly Pick<Prepared, 'app'>[], operations: Operations, graceMs: number): Promise<void> {
  const grace = setTimeout(() => operations.breakOff(graceMs), graceMs);
  await Promise.all(apps.map(({ app }) => app.close()));
  clearTimeout(grace);
  await operations.ended();
}
