import type { IConstruct } from 'constructs';
import type { TypeSpec } from './attribute';
import { checkConfig, checkValue, type Where } from './check';
import { attributesToHcl, type HclAttribute } from './to-hcl';
import { attributesToTerraform } from './to-terraform';

/** What a new set of values needs to know. */
export interface AttributeOptions {
  /** The construct they are of, for messages. */
  readonly construct: IConstruct;
  readonly config: object;
  /** Properties of the configuration that are no attributes. */
  readonly others: readonly string[];
}

/** The values that a construct was given, checked as they come in. */
export class AttributeValues {
  private readonly values: Record<string, unknown> = {};
  private readonly where: Where;

  constructor(
    readonly spec: TypeSpec,
    options: AttributeOptions,
  ) {
    this.where = () => `${options.construct.node.path} (${spec.type})`;
    const config = options.config as Readonly<Record<string, unknown>>;
    checkConfig(this.where, config, { attributes: spec.attributes, others: options.others });
    for (const { key } of spec.attributes) {
      if (config[key] !== undefined) this.values[key] = config[key];
    }
  }

  /** The value as it was given. */
  get(key: string): unknown {
    return this.values[key];
  }

  /** Checks and takes a value. */
  put(key: string, value: unknown): void {
    const spec = this.spec.attributes.find((candidate) => candidate.key === key);
    if (spec) checkValue(() => `${this.where()}: ${key}`, value, spec);
    this.values[key] = value;
  }

  /** Forgets a value. */
  reset(key: string): void {
    delete this.values[key];
  }

  /** For JSON. */
  toTerraform(): Record<string, unknown> {
    return attributesToTerraform(this.spec.attributes, this.values);
  }

  /** For HCL. */
  toHcl(): Record<string, HclAttribute> {
    return attributesToHcl(this.spec.attributes, this.values);
  }
}
