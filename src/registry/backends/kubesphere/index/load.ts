import { type Reach } from '../../../proxy/reach';
import { type Generation } from '../generation';
import { GoError } from '../go/json-parse';
import { formatUrl, parseUrl, type UserInfo } from '../go/url';
import { Fetcher, type FetchOptions } from './fetch';
import { type IndexFile, readIndexFile } from './index-file';
import { loadOci } from './oci';
import { loadS3 } from './s3';

/** How a repository is logged in to, with the keys of a stored object. */
export interface Credential {
  readonly username?: string;
  readonly password?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly caFile?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly accessKeyID?: string;
  readonly secretAccessKey?: string;
}

/** How indexes are loaded. */
export interface LoaderSettings {
  /** How long a fetch may take. @default 300000 */
  readonly fetchTimeoutMs: number;
  /** The files that the server has, by path: those that `caFile` and its like may name. @default - none */
  readonly files: Readonly<Record<string, string>>;
}

/** Loads the indexes of chart repositories; throws the server's own words. */
export class IndexLoader {
  readonly #fetcher: Fetcher;

  constructor(
    private readonly generation: Generation,
    private readonly settings: LoaderSettings,
    reach: Reach,
  ) {
    this.#fetcher = new Fetcher(settings.fetchTimeoutMs, reach);
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#fetcher.close();
  }

  /** Loads the index of a repository. */
  async load(url: string, credential: Credential): Promise<IndexFile> {
    const isOpenPitrix = this.generation.api === 'openpitrix';
    const tls = this.#tls(credential);
    if (!isOpenPitrix && url.startsWith('oci://')) return loadOci(this.#fetcher, url, { ...credential, tls });
    const indexUrl = formatUrl(parseUrl(`${url}${url.endsWith('/') ? '' : '/'}index.yaml`));
    if (isOpenPitrix && url.startsWith('s3://')) return check(await loadS3(this.#fetcher, indexUrl, credential), isOpenPitrix);
    const { user } = parseUrl(indexUrl);
    const options: FetchOptions = { tls, authorization: basic(credential, user), headers: { 'user-agent': this.generation.userAgent } };
    const { status, statusLine, body } = await this.#fetcher.get(indexUrl, options);
    if (status !== 200) throw new GoError(`failed to fetch ${indexUrl} : ${statusLine}`);
    return check(body, isOpenPitrix);
  }

  /** Certificates are not checked unless somebody insists; only then are the files looked at. */
  #tls({ insecureSkipTLSVerify: skips = true, caFile, certFile, keyFile }: Credential): NonNullable<FetchOptions['tls']> {
    if (skips) return { rejectUnauthorized: false };
    const read = (path: string, problem: string): string => {
      const content = Object.hasOwn(this.settings.files, path) ? this.settings.files[path] : undefined;
      if (content === undefined) throw new GoError(`can't create TLS config for client: ${problem}`);
      return content;
    };
    const pair = (path: string): string =>
      read(path, `can't load key pair from cert ${certFile} and key ${keyFile}: open ${path}: no such file or directory`);
    return {
      rejectUnauthorized: true,
      ...(certFile && keyFile && { cert: pair(certFile), key: pair(keyFile) }),
      ...(caFile && { ca: read(caFile, `can't read CA file: ${caFile}`) }),
    };
  }
}

function check(body: Buffer, needsApiVersion: boolean): IndexFile {
  const index = readIndexFile(body.toString('utf8'));
  if (needsApiVersion && index.apiVersion === '') throw new GoError('no API version specified');
  return index;
}

/** A user of the URL counts where the credential is not whole, as Go's client sees to it. */
function basic({ username = '', password = '' }: Credential, user: UserInfo | undefined): string | undefined {
  const pair = username !== '' && password !== '' ? `${username}:${password}` : user && `${user.username}:${user.password ?? ''}`;
  return pair === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
}
