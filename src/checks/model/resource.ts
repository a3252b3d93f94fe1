import { snakeCase } from '../../common/names';
import { UNKNOWN } from '../../common/value';
import { type Declared, type ProviderBlock, type Written } from '../../plans/plan';
import { type PlanRecord, valueAt } from '../../plans/value';
import { fieldsOf } from '../../schema/define/shape';
import type { CheckedProvider, CheckedRepository, CheckedResource, CheckedSecret, CheckedStack, Link } from '../define/model';
import { secretsIn } from './secrets';
import { Values } from './values';

/** What a resource is told of the estate that it is in. */
export interface Surroundings {
  readonly stack: CheckedStack;
  readonly isPlanned: boolean;
  /** Identifies the server of its provider. */
  readonly server: string;
  /** The links of all its attributes. */
  links(): readonly (Link & { readonly path: string })[];
}

/** A resource as rules see it. */
export class Resource extends Values implements CheckedResource {
  readonly address: string;
  readonly type: string;

  constructor(
    readonly declared: Declared,
    private readonly around: Surroundings,
  ) {
    super(configured(declared.values, declared.written));
    this.address = declared.address;
    this.type = declared.type;
  }

  get stack(): CheckedStack {
    return this.around.stack;
  }

  get server(): string {
    return this.around.server;
  }

  get provider(): string {
    return this.declared.known?.provider.name ?? this.declared.source.split('/').at(-1) ?? '';
  }

  get id(): string | undefined {
    const key = this.declared.known?.key.map((name) => valueAt(this.values, name)) ?? [];
    const parts = key.map((part) => (part === null ? '' : typeof part === 'string' ? part : undefined));
    return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('/').replace(/\/$/, '');
  }

  get identity(): string | undefined {
    const { known, values, references } = this.declared;
    const parts = known?.key.map((name) => {
      const value = valueAt(values, name);
      const [only, ...others] = value === UNKNOWN ? (references.get(name) ?? []) : [];
      if (only !== undefined && others.length === 0) return [this.stack.name, only];
      return value === null || typeof value === 'string' ? (value ?? '') : undefined;
    });
    return parts === undefined || parts.includes(undefined) ? undefined : JSON.stringify(parts);
  }

  get label(): string {
    // Of the key, the part that names the object is the last.
    const name = this.declared.known?.key.map((part) => valueAt(this.values, part)).findLast((part) => typeof part === 'string');
    const known = this.id || name;
    return typeof known === 'string' && known !== '' ? `"${known}"` : this.address;
  }

  get repository(): CheckedRepository | undefined {
    const { clients } = this.declared.known?.definition ?? {};
    if (!clients) return undefined;
    const { kind, packageType, served } = clients;
    if (typeof packageType === 'string') return { kind, packageType, served };
    const value = this.text(snakeCase(packageType.attribute));
    return { kind, packageType: value === undefined ? undefined : (packageType.names?.[value] ?? value.toLowerCase()), served };
  }

  get lossAttribute(): string | undefined {
    const allow = this.declared.known?.definition.deleteGuard?.allow;
    return allow === undefined ? undefined : snakeCase(allow);
  }

  get secrets(): readonly CheckedSecret[] {
    const { values, written, known, declaredAs } = this.declared;
    const found = known ? secretsIn({ values, written, fields: known.fields, isPlanned: this.around.isPlanned }) : [];
    if (declaredAs === undefined) return found;
    // The other provider has no such form, only our type.
    return found.map((one) => ({ ...one, writeOnlyForm: one.writeOnlyForm && `${this.type}.${one.writeOnlyForm}` }));
  }

  isWritten(attribute: string): boolean {
    return this.declared.written.has(attribute);
  }

  links(attribute: string): readonly Link[] {
    // Asked for only to end a check that needs an unknown list.
    this.list(attribute);
    return this.around
      .links()
      .filter(({ path }) => path === attribute || path.startsWith(`${attribute}[`) || path.startsWith(`${attribute}.`));
  }
}

/** A provider block as rules see it. */
export class Provider extends Values implements CheckedProvider {
  readonly address: string;
  readonly type: string;

  constructor(
    private readonly block: ProviderBlock,
    readonly stack: CheckedStack,
    private readonly isPlanned: boolean,
  ) {
    super(block.values);
    this.type = block.known?.name ?? block.name;
    this.address = ['provider', block.name, ...(block.alias === undefined ? [] : [block.alias])].join('.');
  }

  get secrets(): readonly CheckedSecret[] {
    const { values, written, known } = this.block;
    return known ? secretsIn({ values, written, fields: fieldsOf(known.attributes), isPlanned: this.isPlanned }) : [];
  }
}

/** The values that the configuration sets: what the server decides is not known, but nobody asked for it either. */
function configured(values: PlanRecord, written: ReadonlyMap<string, Written>): PlanRecord {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === UNKNOWN && !written.has(name) ? null : value]));
}
