import { type LocalFile } from '../store/files';
import { type Remote } from '../store/repositories';

/** Which of a remote's two TTLs an object has. */
export type Mutability = 'mutable' | 'immutable';

/** A text that a format makes, whole in memory: an index or a page. */
export interface Document {
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** Where clients reach a repository, and the address that stands behind it. Both end in a slash. */
export interface Place {
  readonly name: string;
  /** The URL of the repository at this registry. */
  readonly url: string;
  /** The URL that the repository's own links begin with: a remote's upstream, or the same as `url`. */
  readonly upstream: string;
}

/** What one member of a virtual has at the path that is being merged. */
export interface MemberDocument {
  readonly place: Place;
  readonly body: Buffer;
}

/** What a request asks of a format's index. */
export interface IndexRequest {
  readonly path: string;
  /** The repository the client talks to. */
  readonly self: Place;
}

/** The outcome of checking an upload: where and as what to store it, or why not. */
export type UploadCheck = { readonly path: string; readonly contentType?: string } | { readonly reason: string };

/** A capability of the data plane, and whether a real server is known to have it. */
export interface Capability {
  /** True when the strict manner has it as well. */
  readonly strict: boolean;
}

/** A capability that reads indexes of other repositories. */
export interface IndexCapability extends Capability {
  /** The representation it can read; without it the client's own wish is passed on. */
  readonly accept?: string;
  covers(path: string): boolean;
}

/** What the data plane needs to know about a package type. One file makes one of these. */
export interface Format {
  readonly packageType: string;
  /** Which TTL a path has unless the remote's patterns say otherwise. */
  classify(path: string): Mutability;
  /** Names the representation that an Accept header selects, where the upstream has several; they are cached apart. */
  variant?(path: string, accept: string): string;
  /** Says why a path is refused, beyond the access lists. */
  deny?(path: string, remote: Remote): string | undefined;
  /** Checks the name of an upload; without it every path is taken. */
  readonly upload?: Capability & { check(path: string): UploadCheck };
  /** Reads from an uploaded file what the generated index needs; throws with the reason when the file is not valid. */
  readonly inspect?: Capability & { covers(path: string): boolean; read(body: AsyncIterable<Uint8Array>): Promise<unknown> };
  /** Generates indexes of a local repository. */
  readonly localIndex?: IndexCapability & { make(request: IndexRequest, files: readonly LocalFile[]): Document | undefined };
  /** Merges indexes of the members of a virtual. */
  readonly merge?: IndexCapability & {
    make(request: IndexRequest, members: readonly MemberDocument[]): Document;
  };
  /** Rewrites the links in an upstream's index, so that clients stay with this registry. */
  readonly rewrite?: IndexCapability & { make(request: IndexRequest, member: MemberDocument): Document };
}

/** A capability, when the manner the registry runs in has it. */
export function having<T extends Capability>(capability: T | undefined, strict: boolean): T | undefined {
  return capability && (capability.strict || !strict) ? capability : undefined;
}
