import { DefaultTokenResolver, StringConcat, Tokenization, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { isToken } from '../base/token';
import { Virtual as GeneratedVirtual, type VirtualConfig as GeneratedConfig } from '../generated/artifactapi/virtual';

/** A repository that can be a member: every remote and local is one. */
export interface NamedRepository {
  /** Its name, usually a token. */
  readonly name: string;
}

/** Configuration of a `Virtual`. */
export interface VirtualConfig extends Omit<GeneratedConfig, 'members'> {
  /**
   * Names of the remotes and locals behind it, in the order in which they are asked.
   *
   * @default none; `addMember` adds them
   */
  readonly members?: string[];
}

/**
 * Several repositories of one package type under one name. The server merges the indexes of Helm and PyPI repositories; of other types it may not.
 *
 * Terraform: `artifactapi_virtual`.
 *
 * @example
 * const internal = new LocalHelm(this, 'internal', { name: 'helm-internal' });
 * const upstream = new RemoteHelm(this, 'upstream', { name: 'helm', baseUrl: 'https://charts.example.com' });
 * const charts = new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [internal.name] });
 * charts.addMember(upstream);
 */
export class Virtual extends GeneratedVirtual {
  constructor(scope: Construct, id: string, config: VirtualConfig) {
    super(scope, id, { ...config, members: [] });
    this.members = config.members ?? [];
  }

  override get members(): string[] {
    return super.members;
  }

  override set members(value: string[]) {
    checkNames(this.node.path, value);
    if (!Tokenization.reverseList(value)) value.forEach((name, index) => this.checkNew(name, value.slice(0, index)));
    super.members = value;
  }

  /** Adds a repository as the last member. Throws when it is one already. */
  addMember(repository: NamedRepository | string): void {
    const name = typeof repository === 'string' ? repository : repository.name;
    const members = this.membersInput ?? [];
    if (Tokenization.reverseList(members))
      throw new Error(`${this.node.path}: members is an expression; addMember works on a list that is written out`);
    this.checkNew(name, members);
    super.members = [...members, name];
  }

  private checkNew(name: string, others: readonly string[]): void {
    const meant = this.meaning(name);
    if (others.some((other) => this.meaning(other) === meant))
      throw new Error(`${this.node.path}: "${meant}" is a member already; name each member once`);
    const [, repository, type] = /^\$\{(artifactapi_(?:remote|local)_([a-z0-9]+)\.[^{}]+)\.name\}$/.exec(meant) ?? [];
    const { packageTypeInput: own } = this;
    if (type !== undefined && own !== undefined && !isToken(own) && type !== own)
      throw new Error(
        `${this.node.path}: the member ${repository} is a repository of type "${type}", but packageType is "${own}"; name members of one type`,
      );
  }

  /** The same reference gives another token each time; what it resolves to is the same, in its stack. */
  private meaning(name: string): string {
    const stacks = Tokenization.reverse(name).map(
      (token) => (token as Partial<{ originStack: TerraformStack }>).originStack?.node.path ?? '',
    );
    const resolver = new DefaultTokenResolver(new StringConcat());
    const text = String(Tokenization.resolve(name, { scope: this, resolver, preparing: false }));
    const elsewhere = stacks.filter((path) => path !== '' && path !== this.cdktfStack.node.path);
    return [text, ...elsewhere.map((path) => `of the stack ${path}`)].join(' ');
  }
}

/** A repository in place of its name is an easy slip where nothing checks types, and the core's own message for it says nothing. */
function checkNames(path: string, members: readonly unknown[]): void {
  if (!Array.isArray(members)) return;
  members.forEach((member, index) => {
    if (typeof member === 'string') return;
    const given = typeof member === 'object' && member !== null ? member.constructor.name : String(member);
    throw new Error(`${path}: members[${index}] is a ${given}, not a name; write its name, e.g. npm.name`);
  });
}
