import { Decimal, UNKNOWN } from '../../common/value';
import { isList, isRecord, type PlanRecord, type PlanValue, Secret, valueAt } from '../../plans/value';
import type { CheckedValues } from '../define/model';

/** Ends the check of a rule that needs a value which is known only after apply, or is sensitive. The engine catches it. */
export class NotKnown extends Error {
  constructor(
    readonly attribute: string,
    readonly why: 'unknown' | 'sensitive',
  ) {
    super(`"${attribute}" is ${why === 'unknown' ? 'known only after apply' : 'sensitive'}`);
  }
}

/** The values of a block, or of an object within one, as rules read them. */
export class Values implements CheckedValues {
  /** @param at the path before the names of its attributes, e.g. `channels[0].` */
  constructor(
    protected readonly values: PlanRecord,
    private readonly at = '',
  ) {}

  get attributes(): readonly string[] {
    return Object.keys(this.values).filter((name) => this.isSet(name));
  }

  text(attribute: string): string | undefined {
    const value = this.known(attribute);
    return typeof value === 'string' ? value : undefined;
  }

  number(attribute: string): number | undefined {
    const value = this.known(attribute);
    if (typeof value === 'bigint' || value instanceof Decimal) return Number(value instanceof Decimal ? value.text : value);
    return typeof value === 'number' ? value : undefined;
  }

  flag(attribute: string): boolean | undefined {
    const value = this.known(attribute);
    return typeof value === 'boolean' ? value : undefined;
  }

  texts(attribute: string): readonly string[] {
    return this.list(attribute).filter((item) => typeof item === 'string');
  }

  records(attribute: string): readonly Values[] {
    return this.list(attribute).flatMap((item, index) => (isRecord(item) ? [new Values(item, `${this.at}${attribute}[${index}].`)] : []));
  }

  count(attribute: string): number {
    return this.list(attribute).length;
  }

  isSet(attribute: string): boolean {
    return valueAt(this.values, attribute) !== null;
  }

  /** The elements of a list, unknown ones included; an object in place of a list is its only element. */
  protected list(attribute: string): readonly PlanValue[] {
    const value = this.known(attribute);
    if (isRecord(value)) return [value];
    return isList(value) ? value : [];
  }

  private known(attribute: string): PlanValue {
    const value = valueAt(this.values, attribute);
    if (value === UNKNOWN) throw new NotKnown(this.at + attribute, 'unknown');
    if (value instanceof Secret) throw new NotKnown(this.at + attribute, 'sensitive');
    return value;
  }
}
