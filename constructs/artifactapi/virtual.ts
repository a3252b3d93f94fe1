import { DefaultTokenResolver, StringConcat, Tokenization, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { nameProblem } from '../../src/common/repository-name';
import { setProblems } from '../base/problems';
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
 * Several repositories of one package type under one name. The server merges the indexes of Helm and PyPI repositories; those of other types it may not.
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
  /** What the members resolve to, to find those that are named twice. */
  private readonly meanings = new Set<string>();
  private memberProblems: readonly string[] = [];

  constructor(scope: Construct, id: string, config: VirtualConfig) {
    super(scope, id, { ...config, members: [] });
    this.members = config.members ?? [];
  }

  override get members(): string[] {
    return super.members;
  }

  override set members(value: string[]) {
    this.record([]);
    super.members = value;
    this.meanings.clear();
    const names: readonly unknown[] = Array.isArray(value) && !isToken(value) ? value : [];
    this.memberProblems = names.flatMap((name, index) => this.memberProblem(name, index) ?? []);
    if (this.memberProblems.length > 0) this.record(this.memberProblems);
  }

  /** Appends a repository to the members. One that is already a member is an error at synthesis. */
  addMember(repository: NamedRepository | string): void {
    const name = typeof repository === 'string' ? repository : repository.name;
    const members = this.membersInput ?? [];
    if (!Array.isArray(members) || isToken(members))
      return setProblems(this, 'addMember', ['artifactapi_virtual: members is an expression; addMember needs a literal list']);
    const problem = this.memberProblem(name, members.length);
    super.members = [...members, name];
    this.memberProblems = [...this.memberProblems, ...(problem === undefined ? [] : [problem])];
    if (this.memberProblems.length > 0) this.record(this.memberProblems);
  }

  private record(problems: readonly string[]): void {
    setProblems(
      this,
      'members',
      problems.map((problem) => `${this.terraformResourceType}: ${problem}`),
    );
  }

  private memberProblem(name: unknown, index: number): string | undefined {
    if (typeof name !== 'string') return isToken(name) ? undefined : notAName(name, index);
    const problem = isToken(name) ? undefined : nameProblem(name);
    if (problem !== undefined) return `members[${index}]: ${problem}`;
    const meant = this.meaning(name);
    if (this.meanings.has(meant)) return `members[${index}]: "${meant}" is already a member; name each member once`;
    this.meanings.add(meant);
    const [, repository, type] = /^\$\{(artifactapi_(?:remote|local)_([a-z0-9]+)\.[^{}]+)\.name\}$/.exec(meant) ?? [];
    const { packageTypeInput: own } = this;
    if (type === undefined || own === undefined || isToken(own) || type === own) return undefined;
    return `members[${index}]: ${repository} is a repository of type "${type}", but packageType is "${own}"; name members of one type`;
  }

  /** Each use of a reference makes a new token; within a stack they all resolve to the same text. */
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

/** Passing a repository instead of its name is an easy mistake without type checking. */
function notAName(member: unknown, index: number): string {
  const given = typeof member === 'object' && member !== null ? `a ${member.constructor.name}` : String(member);
  return `members[${index}] is ${given}, not a name; write its name, e.g. npm.name`;
}
