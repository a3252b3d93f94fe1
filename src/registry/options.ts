import { type LoginOptions } from './access/start';
import { type BkRepoOptions, type PlatformKeys } from './backends/bkrepo/setup';
import { type KubeSphereOptions } from './backends/kubesphere/setup';
import { type Fault } from './faults/fault';
import { type Logger } from './logger';
import { type CleaningOptions } from './operations/cleaning';
import { type OperationOptions } from './operations/operations';
import { type Settings } from './settings';
import { type QuotaSettings } from './store/quotas';
import { type S3Settings } from './store/s3/settings';

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
  /**
   * Remotes whose files are not compared with the digests that their indexes list: names, for BK-Repo `project/repository`, and globs with `*`
   * and `?`. @default - none
   */
  readonly unverified?: readonly string[];
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
