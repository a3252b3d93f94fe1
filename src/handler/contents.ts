import type { ValueRecord } from '../common/value';
import type { ApiClient, Binding, Digest, ObjectKey } from '../schema/define/binding';
import type { Contents, FileCopy, ListedFile, ResourceDefinition } from '../schema/define/definition';
import type { ProviderDefinition } from '../schema/define/provider';
import type { Listed } from './listing';
import type { Session } from './session';

/** An object that holds files, such as a repository. */
export interface Container {
  readonly type: string;
  /** The import id. */
  readonly id: string;
  readonly key: ObjectKey;
  /** Why its files cannot be copied one by one, and what to do instead. */
  readonly uncopied: string | undefined;
}

/** The types of a provider whose objects hold files that can be listed. */
export const fileTypes = (provider: ProviderDefinition): string[] =>
  provider.resources.map(({ type }) => type).filter((type) => filesIn(provider, type));

/** The definition of the files in objects of a type; nothing if they cannot be copied at all. */
function filesIn({ resources }: ProviderDefinition, type: string): ResourceDefinition | undefined {
  const child = resources.find((one) => one.type === type)?.deleteGuard?.childType;
  return resources.find((one) => one.type === child && one.contents);
}

/** The files of one server, for copying them. What fails is thrown as an `ApiError`. */
export class ServerContents {
  constructor(private readonly session: Session) {}

  /** The types whose objects hold files that can be listed. */
  get types(): readonly string[] {
    return fileTypes(this.session.catalog.provider);
  }

  /** A listed object, as something that holds files. */
  container({ type, id, values }: Pick<Listed, 'type' | 'id'> & { readonly values: ValueRecord }): Container {
    const { key, definition } = this.session.catalog.resource(type);
    return { type, id, key: key.map((name) => `${values[name] as string}`), uncopied: definition.deleteGuard?.uncopied?.(values) };
  }

  /** All files in an object. */
  list({ type, key }: Container): Promise<readonly ListedFile[]> {
    return this.of(type).contents.list(this.client, key);
  }

  /** The digest and size of a file, as its list has them or else of its content. */
  async digest({ type, key }: Container, { sha256, size, name }: ListedFile): Promise<Digest> {
    if (sha256 !== undefined && size !== undefined) return { sha256, size };
    const request = this.of(type).contents.request([...key, name]);
    const { digest } = await this.client.send({ method: 'GET', ...request, digest: true });
    if (!digest) throw new Error(`the content of ${name} has no digest`);
    return digest;
  }

  /** Passes on the content of a file. */
  async download({ type, key }: Container, name: string, receive: (body: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> {
    const request = this.of(type).contents.request([...key, name]);
    await this.client.send({ method: 'GET', ...request, receive, idempotent: false });
  }

  /** Uploads a file. */
  async upload({ type, key }: Container, copy: FileCopy): Promise<void> {
    await this.of(type).contents.upload(this.client, [...key, copy.file.name], copy);
  }

  /** The file of a name as it is now; nothing if there is none. */
  async find(container: Container, name: string): Promise<Digest | undefined> {
    const { type, key } = container;
    const object = await this.of(type).binding.read(this.client, [...key, name]);
    const [sha256, size] = [object?.['sha256'], object?.['size']];
    return typeof sha256 === 'string' ? { sha256, size: Number(size) } : undefined;
  }

  private get client(): ApiClient {
    return this.session.connected().client;
  }

  private of(type: string): { readonly contents: Contents; readonly binding: Binding } {
    const { contents, binding } = filesIn(this.session.catalog.provider, type) ?? {};
    if (!contents || !binding) throw new Error(`files in objects of the type ${type} cannot be copied`);
    return { contents, binding };
  }
}
