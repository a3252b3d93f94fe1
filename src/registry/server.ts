import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance } from 'fastify';
import { type Access } from './access/access';
import { type LoginOptions, openAccess } from './access/start';
import { clientAddress, isLoopback } from './access/address';
import { accessTables } from './access/tables';
import { artifactApiApp } from './backends/artifactapi/app';
import { bkRepoApp } from './backends/bkrepo/app';
import { type BkRepoOptions, type PlatformKeys, setUpBkRepo } from './backends/bkrepo/setup';
import { bkRepoTables } from './backends/bkrepo/tables';
import { kubeSphereApp } from './backends/kubesphere/app';
import { hiddenRepositories, type KubeSphereOptions, kubeSphereTables, setUpKubeSphere } from './backends/kubesphere/setup';
import { type Context } from './context';
import { reasonOf } from './errors';
import { Events } from './events';
import { type Fault, Faults } from './faults/fault';
import { listen } from './http-app';
import { type Logger, silent } from './logger';
import { Cleaning, type CleaningOptions } from './operations/cleaning';
import { storeMetrics } from './operations/store-metrics';
import { type OperationOptions, Operations } from './operations/operations';
import { Engine } from './proxy/engine';
import { type Signer } from './openpgp/signer';
import { refuseUnfinished } from './maintenance/migrate';
import { Reach } from './proxy/reach';
import { IndexCache } from './proxy/index-cache';
import { Upstream } from './proxy/upstream';
import { readSettings, type Settings } from './settings';
import { ownSigner, readGivenKey } from './signing';
import { nameOf, readDatabase } from './store/postgres/target';
import { nameOf as bucketName, type S3Settings } from './store/s3/settings';
import { Quotas, type QuotaSettings } from './store/quotas';
import { hearGone } from './store/gone';
import { openStore, type Store } from './store/store';

export { type Fault } from './faults/fault';
export { type Logger } from './logger';
export { type OperationOptions } from './operations/operations';

/** The APIs that the embedded registry implements. */
export const BACKENDS = ['artifactapi', 'bkrepo', 'kubesphere'] as const;
/** An API that the embedded registry implements. */
export type BackendName = (typeof BACKENDS)[number];

/** How the embedded registry is started. */
export interface RegistryOptions extends OperationOptions, CleaningOptions, LoginOptions {
  /** The folder for metadata and blobs; created if missing, used by one process at a time unless the metadata is in PostgreSQL. */
  readonly data: string;
  /**
   * The PostgreSQL database that keeps the metadata, such as `postgresql://user:password@db.example.com/artifacts`; several registries may
   * share it if they share the blobs, too. @default - what `environment` says by `DATABASE_URL` or `DBHOST`; else SQLite in the data folder
   */
  readonly databaseUrl?: string;
  /** How many connections to the database may be open. @default 10 */
  readonly databaseConnections?: number;
  /** The APIs to serve, each on its own port. @default ["artifactapi"] */
  readonly backends?: readonly BackendName[];
  /** The port to listen on for ArtifactAPI; 0 takes a free one. @default 8000 */
  readonly port?: number;
  /** How BK-Repo is set up, with the port for it. @default - port 8080, a user `admin` with the password `password` */
  readonly bkrepo?: BkRepoOptions & { readonly port?: number };
  /** How KubeSphere is set up, with the port for it. @default - port 30880, version 4.1, a user `admin` with the password `P@88w0rd` */
  readonly kubesphere?: KubeSphereOptions & { readonly port?: number };
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** The URL that generated links begin with. @default - what the client names in its Host header */
  readonly publicUrl?: string;
  /** Trusts `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix` for it; safe only behind a reverse proxy that sets them. @default false */
  readonly trustForwarded?: boolean;
  /**
   * The address below which the nginx in front has the data folder's `blobs`, with slashes around it, such as `/blobs/`: large files are
   * answered with `X-Accel-Redirect`. @default - the registry sends them itself
   */
  readonly accelRedirect?: string;
  /** The bucket that keeps the content of files. @default - the data folder's `blobs` */
  readonly s3?: S3Settings;
  /** Behaves exactly as the contract says a real server does. @default false */
  readonly strict?: boolean;
  /** Fault injection: `true` enables `/__faults` and `/__requests`; a list also activates faults. @default false */
  readonly faults?: boolean | readonly Fault[];
  /**
   * Settings of package types, by the names of their environment variables: `TF_SIGNING_KEY_PATH` (an armored private key that provider
   * checksums are signed with), `TF_SIGNING_KEY_PASSPHRASE`, `TF_PROVIDER_PROTOCOLS` (the plugin protocols of the providers),
   * `APK_SIGNING_KEY_PATH` (an RSA key in PEM for indexes of Alpine packages), `APK_SIGNING_ALGORITHM` (`RSA` or `RSA256`). And the
   * database by `DATABASE_URL`, or by `DBHOST`, `DBPORT`, `DBUSER`, `DBPASS`, `DBNAME` and `DBSSL`. @default - keys of its own, "5.0,6.0",
   * `RSA` and no database
   */
  readonly environment?: Settings;
  /** Where the registry logs. @default - nowhere */
  readonly logger?: Logger;
  /**
   * Hosts with private or loopback addresses to which upstreams of the internet may lead by redirects, as the place of their tokens, or in
   * indexes: names, `*.` before a domain, and addresses. @default - none
   */
  readonly internalHosts?: readonly string[];
  /** How much may be uploaded where. @default - as much as there is room for */
  readonly quotas?: QuotaSettings;
  /** How long `close` waits for running requests, in milliseconds. @default 1000 */
  readonly closeGraceMs?: number;
  /** How long `close` still takes requests after readiness has failed, in milliseconds, for load balancers to notice. @default 0 */
  readonly closeDelayMs?: number;
}

/** A running registry. */
export interface Registry {
  /** Where it listens, without a slash at the end; with several backends the first one's. */
  readonly url: string;
  /** Where each backend listens. */
  readonly urls: Readonly<Partial<Record<BackendName, string>>>;
  /** The keys of BK-Repo's platform application, if that API is served. */
  readonly platformKeys?: PlatformKeys;
  /** The PostgreSQL database that keeps its metadata, without user and password; undefined with SQLite. */
  readonly database?: string;
  /** The bucket that keeps the content of files, with its server and the prefix of its keys; undefined with a folder. */
  readonly storage?: string;
  /** Whether ArtifactAPI requires logins. */
  readonly requiresLogins: boolean;
  /** Where `/metrics`, `/livez` and `/readyz` are, if they have a port of their own. */
  readonly metricsUrl?: string;
  /** What whoever starts it should know of its data. */
  readonly notes: readonly string[];
  /** Reads the certificate anew, and opens the access log anew. */
  reload(): void;
  /** How many requests are being answered. */
  inFlight(): number;
  /** Stops it: closes idle connections at once, lets running requests end within the grace period. */
  close(): Promise<void>;
}

/** A backend that is ready to listen. */
interface Prepared {
  readonly name: BackendName;
  readonly app: FastifyInstance;
  readonly port: number;
  readonly prefix?: string;
  readonly platformKeys?: PlatformKeys;
  readonly notes?: readonly string[];
}

/** The tables of the backends, which are made whether they are served or not. */
export const TABLES = [accessTables, bkRepoTables, kubeSphereTables] as const;
const LOOPBACK = '127.0.0.1';

/** Starts the embedded registry; it is ready when the promise resolves. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { host = LOOPBACK, logger = silent, closeGraceMs = 1000, backends = ['artifactapi'], environment = {} } = options;
  const set = { given: readSettings(environment), key: readGivenKey(environment) };
  const database = readDatabase(options.databaseUrl, environment);
  const { operations, store, access } = await open(options, database, logger);
  const { reach, upstream } = outgoing(options, operations);
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
    await Promise.all(prepared.map(({ app }) => closeApp(app, closeGraceMs)));
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

/** What asks upstreams, and where those may lead. */
function outgoing({ internalHosts, strict = false }: RegistryOptions, { guard }: Operations) {
  const reach = new Reach({ internalHosts, isFree: strict });
  return { reach, upstream: new Upstream({ guard, reach }) };
}

/** Opens what the registry stands on. */
async function open(options: RegistryOptions, database: ReturnType<typeof readDatabase>, logger: Logger) {
  const { accelRedirect: front, databaseConnections: connections, strict = false, trustForwarded = false } = options;
  const operations = await Operations.open({ options, logger, strict, trustForwarded, environment: options.environment ?? {} });
  try {
    const { s3, storeLimit } = options;
    const { onStatement } = operations;
    const opened = await openStore(options.data, TABLES, { front, database, connections, s3, storeLimit, logger, onStatement });
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
    const around = { ...options, host, strict, hasOpenApi: backends.includes('artifactapi') };
    const access = await openAccess(store, around, logger).catch(async (cause: unknown) => {
      await store.close();
      throw cause;
    });
    operations.guardMetrics((request) =>
      access.mayMeasure(clientAddress({ headers: request.headers, raw: request }, trustForwarded), request.headers),
    );
    return { operations, store, access };
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

async function prepare(
  name: BackendName,
  given: { options: RegistryOptions; context: Context; faults: Faults | undefined },
): Promise<Prepared> {
  const { options, faults } = given;
  if (name === 'artifactapi') return { name, app: artifactApiApp(given.context, faults), port: options.port ?? 8000 };
  if (name === 'kubesphere') {
    const { port = 30880, ...settings } = options.kubesphere ?? {};
    const context = await setUpKubeSphere(given.context, settings);
    return { name, app: kubeSphereApp(context, faults), port, notes: hiddenRepositories(context) };
  }
  const { port = 8080, ...settings } = options.bkrepo ?? {};
  const { context, platformKeys } = await setUpBkRepo(given.context, settings);
  return { name, app: bkRepoApp(context, faults), port, prefix: context.settings.prefix, platformKeys };
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
  const { logger = silent, strict = false, trustForwarded = false } = options;
  const engine = new Engine({
    store,
    upstream,
    logger,
    strict,
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
  return { store, access, quotas, engine, reach, indexes, events, logger, operations, given, signer, strict, ...told };
}

function faultsOf(option: RegistryOptions['faults']): Faults | undefined {
  if (!option) return undefined;
  const active = new Faults();
  if (option !== true) active.add(option);
  return active;
}

async function closeApp(app: FastifyInstance, graceMs: number): Promise<void> {
  const grace = setTimeout(() => app.server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(grace);
}
