import type { IConstruct } from 'constructs';
import type { AttributeSpec, TypeSpec } from './attribute';
import { unknownProblem, valueProblems } from './check';
import { setProblems } from './problems';
import { attributesToHcl, type HclAttribute } from './to-hcl';
import { attributesToTerraform } from './to-terraform';

/** Options of `AttributeValues`. */
export interface AttributeOptions {
  /** The construct that the values belong to; problems are recorded on it. */
  readonly construct: IConstruct;
  readonly config: object;
  /** Properties of the configuration that are not attributes. */
  readonly others: readonly string[];
}

/** The values given to a construct, checked as they are set. */
export class AttributeValues {
  private readonly values: Record<string, unknown> = {};
  private readonly construct: IConstruct;
  /** The attributes with recorded problems. */
  private readonly faulty = new Set<string>();

  constructor(
    readonly spec: TypeSpec,
    { construct, config, others }: AttributeOptions,
  ) {
    this.construct = construct;
    const given = config as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(given)) {
      const problem = unknownProblem(key, { attributes: spec.attributes, others });
      if (problem !== undefined) setProblems(construct, key, [`${spec.type}: ${problem}`]);
    }
    for (const attribute of spec.attributes) this.take(attribute, given[attribute.key]);
  }

  /** The value as it was given. */
  get(key: string): unknown {
    return this.values[key];
  }

  /** Checks and stores a value. */
  put(key: string, value: unknown): void {
    const attribute = this.spec.attributes.find((candidate) => candidate.key === key);
    if (attribute) this.take(attribute, value);
  }

  /** Unsets a value. */
  reset(key: string): void {
    this.put(key, undefined);
  }

  /** For JSON. */
  toTerraform(): Record<string, unknown> {
    return attributesToTerraform(this.spec.attributes, this.values);
  }

  /** For HCL. */
  toHcl(): Record<string, HclAttribute> {
    return attributesToHcl(this.spec.attributes, this.values);
  }

  private take(attribute: AttributeSpec, value: unknown): void {
    const { key } = attribute;
    if (value === undefined) delete this.values[key];
    else this.values[key] = value;
    const problems = valueProblems(value, attribute);
    if (problems.length === 0 && !this.faulty.has(key)) return;
    this.faulty.add(key);
    setProblems(
      this.construct,
      key,
      problems.map((problem) => `${this.spec.type}: ${problem}`),
    );
  }
}
