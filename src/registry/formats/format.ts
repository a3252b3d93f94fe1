import { type Readable } from 'node:stream';
import { type ByteRange } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type HttpError } from '../errors';
import { type Signer } from '../openpgp/signer';
import { type Settings } from '../settings';
import { type Secret } from '../store/secret';
import { type Digest } from './digests';
import { type Lister, type Teller } from './told';
import { type LocalRepository, type RepositoryFile } from './repository';

export { type Told } from './told';

/** Which of a remote's two TTLs an object has. */
export type Mutability = 'mutable' | 'immutable';

/** A document that a format generates, in memory: an index or a page. */
export interface Document {
  readonly contentType: string;
  readonly body: string | Buffer;
  /** @default 200 */
  readonly status?: number;
  /** Additional response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The reason phrase of the status line, for clients that show nothing else of an error. @default the usual one */
  readonly reason?: string;
}

/** A file of the repository as an answer. */
export interface FileAnswer {
  readonly file: RepositoryFile;
  /** Whether it is one of the generated files. @default false */
  readonly isGenerated?: boolean;
  /** @default - as it is stored */
  readonly contentType?: string;
  /** Additional response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a request is answered with. */
export type Answer = Document | FileAnswer;

/** Where clients reach a repository, and the URL behind it. Both end in a slash. */
export interface RepositoryLocation {
  readonly name: string;
  /** The URL of the repository at this registry. */
  readonly url: string;
  /** The URL that the repository's own links begin with: a remote's upstream, or the same as `url`. */
  readonly upstream: string;
}

/** An answer of an upstream, read whole and decoded. */
export interface UpstreamDocument {
  /** The canonical path of the request for it. */
  readonly path: string;
  /** Where it was found, after redirects: its links are relative to this. */
  readonly url: string;
  /** 200, or 204 without a body. */
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** A header of the answer that the registry keeps, or an empty text. */
  header(name: string): string;
}

/** What a repository has at the path that is being rewritten or merged. */
export interface MemberDocument extends UpstreamDocument {
  readonly location: RepositoryLocation;
  /** Whether it is of a repository with files of its own, rather than of an upstream. */
  readonly isInternal?: boolean;
}

/** A request for an index of a format. */
export interface IndexRequest {
  readonly path: string;
  /** The repository the client talks to. */
  readonly self: RepositoryLocation;
  /** The client's Accept header, or an empty text. */
  readonly accept: string;
  /** Whether to behave only as a real server is known to behave. */
  readonly strict: boolean;
}

/** A request of a package type's own protocol to a repository that holds files. */
export interface RouteRequest extends IndexRequest {
  /** `GET` for `HEAD` too. */
  readonly method: string;
  readonly query: URLSearchParams;
  /** The URL of the registry, without a slash at the end. */
  readonly root: string;
  /** What the operator has set for package types. */
  readonly given: Settings;
  /** What the registry signs with. */
  signer(): Promise<Signer>;
  /** A private key that the registry keeps under a name, made when it is first asked for. */
  registryKey(name: string, make: () => Promise<string>): Promise<Secret>;
  /** The path of its URL as clients see it, without the query. */
  readonly address: string;
  /** Who sends it, for those who ask for their own name. */
  readonly user: string;
  /** A header of the request by its name in lower case, or an empty text. */
  header(name: string): string;
  /** The body, whole; throws a 413 when it is larger than a number of bytes. */
  body(limit: number): Promise<Buffer>;
  /** The body as it arrives; throws a 400 when it breaks off. */
  content(): AsyncIterable<Uint8Array>;
}

/** Stored content. */
export interface Content {
  /** In bytes. */
  readonly size: number;
  /** Opens it, or a part of it. */
  open(range?: ByteRange): Promise<Readable>;
}

/** The outcome of checking an upload: where and with which content type to store it, or why it is refused. */
export type UploadCheck = { readonly path: string; readonly contentType?: string } | { readonly reason: string };

/** A member of a virtual whose documents are combined. */
export interface CombinedMember {
  readonly location: RepositoryLocation;
  /** Whether it is a repository with files of its own, rather than an upstream. */
  readonly isInternal: boolean;
  /** A document of it as it is stored; undefined if it has none there. Whatever else goes wrong is thrown as the member's fault. */
  find(path: string): Promise<MemberFile | undefined>;
  /** The error that names it, for what is wrong with what it has. */
  failed(cause: unknown): Error;
}

/** A document of a member. */
export interface MemberFile {
  /** The SHA-256 of its content. */
  readonly hash: string;
  /** Reads it whole, decoded as its headers say; throws if it is larger than 256 MiB. */
  content(): Promise<Buffer>;
}

/** A request for one of a virtual's documents that are combined from documents of its members. */
export interface CombineRequest
  extends
    IndexRequest,
    Pick<RouteRequest, 'given' | 'signer' | 'registryKey'>,
    Pick<LocalRepository, 'receive' | 'read' | 'generated' | 'kept'> {
  /** Whose packages are internal. */
  readonly owners: readonly LocalRepository[];
}

/** A capability of the data plane. */
export interface Capability {
  /** Whether a real server is known to have it, so that the strict mode has it as well. */
  readonly strict: boolean;
}

/** A capability that reads indexes of other repositories. */
export interface IndexCapability extends Capability {
  /** The Accept header for upstreams, given the client's. @default the client's own */
  accept?(wish: string): string;
  covers(path: string): boolean;
}

/**
 * What the data plane needs to know about a package type. One file makes one of these.
 *
 * Paths are canonical here (`proxy/canonical.ts`): decoded once, with no empty, dot or doubly encoded segment, and as `canonical` spells
 * them. Whatever throws while an upstream's document is read makes the answer a 502 that names the remote.
 */
export interface Format {
  readonly packageType: string;
  /** What the registry's operator can set for this type, by the names of environment variables: each tells what is wrong with a value. */
  readonly settings?: Readonly<Record<string, (value: string) => string | undefined>>;
  /** The names of the backends that have repositories of this type. @default all that have package types */
  readonly backends?: readonly string[];
  /** Which TTL a path has unless the remote's patterns say otherwise: what names one version never changes, what names a moving thing does. */
  classify(path: string): Mutability;
  /** The canonical one of the spellings that upstreams of this type treat alike; used by access lists and as the cache key. */
  canonical?(path: string): string;
  /** Whether who asks for another spelling of a canonical path is sent there, as the type's protocol says. @default the answer is given at once */
  redirects?(path: string): boolean;
  /** Path segments, decoded, in which an encoded slash is legitimate; it is refused everywhere else. */
  readonly encodedSlash?: RegExp;
  /** The spelling of a path in requests to upstreams. @default every segment is percent-encoded */
  encode?(path: string): string;
  /** The representation that an Accept header selects, if the upstream has several; they are cached separately. */
  variant?(path: string, accept: string): string;
  /** The reason for refusing a path, in addition to the access lists. */
  deny?(path: string, remote: Remote): string | undefined;
  /** Whether a web page may stand at a path; without it, wherever the name has no ending or one of a page. Elsewhere a page is a 502. */
  mayBePage?(path: string): boolean;
  /** The hash of a file that its path alone determines. */
  digest?(path: string): Digest | undefined;
  /** Headers of an upstream's answer that mean something to clients of this type, in lower case; they are kept and passed on. */
  readonly headers?: readonly string[];
  /** Checks a document before it is cached; throws with the reason if it is something else, such as a login page. */
  readonly check?: { covers(path: string): boolean; read(document: UpstreamDocument): void | Promise<void> };
  /** Files of which another document tells more than their paths do. */
  readonly told?: Teller;
  /** Files whose digests an index lists. */
  readonly listed?: Lister;
  /** The paths of documents that belong together, including this one: when one has changed, the others are revalidated. */
  set?(path: string): readonly string[];
  /** Requests with a body that go to the upstream as they are, and whose answers are not kept. */
  readonly forward?: Capability & {
    covers(method: string, path: string): boolean;
    /**
     * The body, decoded, without what it tells of paths that the upstream must not learn of: those of packages that are internal, or
     * denied by the access lists. A document is the answer where nothing is left to ask.
     */
    without?(path: string, body: Buffer, isPrivate: (path: string) => Promise<boolean>): Promise<Buffer | Document>;
  };
  /** Checks the name of an upload; without it every path is taken. */
  readonly upload?: Capability & {
    check(path: string, strict: boolean): UploadCheck;
    /** What the paths of files in one folder have in common that are the same to clients; only one of these is taken. @default the path */
    alike?(path: string): string;
  };
  /** Reads from an uploaded file what the generated index needs; throws with the reason when the file is not valid. */
  readonly inspect?: Capability & { covers(path: string): boolean; read(file: Content & { readonly path: string }): Promise<unknown> };
  /**
   * The type's own requests to a repository that holds files: publishing and removing, indexes, searches. A GET that is answered with
   * undefined is one for the file at its path.
   */
  readonly routes?: Capability & {
    covers(method: string, path: string): boolean;
    /** The path that a request is about, which decides who may make it: that of a package for its tags; empty for all there is. */
    about(path: string): string;
    /**
     * What a request does to the repository, where its method does not tell. @default GET and HEAD read, DELETE deletes, everything else
     * writes
     */
    does?(method: string, path: string): 'read' | 'write' | 'delete' | undefined;
    answer(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined>;
  };
  /** Whether clients follow the links of the answer at a path without the login that they sent for it, so that the links need a signature. */
  bareLinks?(path: string): boolean;
  /** URLs at the root of the registry that clients of this type insist on. */
  readonly front?: Capability & {
    /**
     * Prefixes of URLs in which a repository's name follows, such as `/v2/`, each with what the path within the repository begins with
     * there: `/v2/<repository>/<rest>` is a request for `<what it begins with><rest>` of a local, remote or virtual.
     */
    readonly prefixes: Readonly<Record<string, string>>;
    /** Where clients exchange a name and a password for a token, as the Distribution's protocol has it. @default - they send them as they are */
    readonly login?: string;
    /** Documents that concern no repository, by their paths, such as a version check. */
    documents?(strict: boolean): Readonly<Record<string, Document>>;
  };
  /**
   * Whether a repository has the package that a path belongs to. In a virtual whose local members have it, no upstream is asked: what is
   * public under the name of an internal package would add versions to it. Paths have no slash at the end here; one that the type's
   * protocol does not have belongs to whatever package it may name, for upstreams answer more than that. Some name it in the query.
   */
  readonly owns?: Capability & { has(path: string, repository: LocalRepository, query: URLSearchParams): Promise<boolean> };
  /** The form in which clients of this type show an error to their users. @default a plain text */
  problem?(error: HttpError, path: string): Document;
  /** Generates indexes of a local repository. */
  readonly localIndex?: IndexCapability & {
    /** What the paths begin with of the files that an index is made of. @default - of all files */
    within?(path: string): string;
    make(request: IndexRequest, files: readonly RepositoryFile[]): Document | undefined;
  };
  /** Merges indexes of the members of a virtual. */
  readonly merge?: IndexCapability & {
    /** Of which index a path has the checksum: that of the merged one then, not of a member's. @default paths have none */
    checksum?(path: string): { readonly of: string; readonly algorithm: string } | undefined;
    make(request: IndexRequest, members: readonly MemberDocument[]): Document | Promise<Document>;
  };
  /**
   * Combines documents of the members of a virtual that name each other, such as an index and the files that it lists, where `merge` has one
   * document at one path. What is made is kept as generated files.
   */
  readonly combine?: Capability & {
    covers(path: string): boolean;
    answer(request: CombineRequest, members: readonly CombinedMember[]): Promise<Answer | undefined>;
    /** The member and the path in it that a link in a combined document leads to. */
    leads?(path: string): { readonly member: string; readonly path: string } | undefined;
  };
  /** What the format has the other thread do, by name (`inOtherThread`). */
  readonly jobs?: Readonly<Record<string, (input: never) => unknown>>;
  /** Rewrites the links in an upstream's index, so that clients stay with this registry. */
  readonly rewrite?: IndexCapability & { make(request: IndexRequest, member: MemberDocument): Document | Promise<Document> };
}

/** A capability, when the mode the registry runs in has it. */
export function enabledCapability<T extends Capability>(capability: T | undefined, strict: boolean): T | undefined {
  return capability && (capability.strict || !strict) ? capability : undefined;
}
