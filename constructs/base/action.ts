import { TerraformElement, type TerraformProvider, type TerraformProviderGeneratorMetadata, type TerraformResource } from 'cdktf';
import { deepMerge } from 'cdktf/lib/util';
import type { Construct } from 'constructs';
import { addTrigger } from './action-trigger';
import type { TypeSpec } from './attribute';
import { AttributeValues } from './attribute-values';
import { missingProvider } from './ephemeral-resource';
import { addOwnHcl, type Blocks } from './own-hcl';
import { requireTerraform } from './required-terraform';
import { warnOfLiteralSecrets } from './secrets';

const metaArguments = ['provider'] as const;

/** What every action accepts besides its attributes. */
export interface ActionMetaArguments {
  /**
   * The provider that invokes it.
   *
   * @default the provider of the stack without an alias
   */
  readonly provider?: TerraformProvider;
}

/** When a resource triggers an action. */
export type ActionEvent = 'before_create' | 'after_create' | 'before_update' | 'after_update';

/** Options of `Action.triggerOn`. */
export interface TriggerOptions {
  /** The changes of the resource that trigger it. @default ['after_create', 'after_update'] */
  readonly events?: readonly ActionEvent[];
  /** An expression, mostly a token; the action is invoked only if it is true. @default it is always invoked */
  readonly condition?: string | boolean | { resolve(context: unknown): unknown };
}

/** What a generated action class passes to its base. */
export interface ActionOptions {
  readonly spec: TypeSpec;
  readonly config: ActionMetaArguments;
  readonly metadata: TerraformProviderGeneratorMetadata;
}

/**
 * The base of every generated action class, the same on both cores; neither has such a class. Actions require Terraform 1.14, so the
 * stack gets that as its `required_version`.
 */
export abstract class Action extends TerraformElement {
  readonly terraformResourceType: string;
  readonly terraformGeneratorMetadata: TerraformProviderGeneratorMetadata;
  provider: TerraformProvider | undefined;
  private readonly attributeValues: AttributeValues;

  constructor(scope: Construct, id: string, options: ActionOptions) {
    const { spec, config, metadata } = options;
    super(scope, id, `action.${spec.type}`);
    this.terraformResourceType = spec.type;
    this.terraformGeneratorMetadata = metadata;
    this.provider = config.provider;
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: metaArguments });
    requireTerraform(this, { version: '1.14.0', what: 'actions' });
    warnOfLiteralSecrets(this, spec, this.attributeValues);
    addOwnHcl(this, 'action', () =>
      this.synthesizeBlock({ config: { value: this.attributeValues.toHcl(), isBlock: true, type: 'struct', storageClassType: 'struct' } }),
    );
    this.node.addValidation({ validate: () => missingProvider(this) });
  }

  /** Invokes the action whenever a resource of the same stack, of any provider, changes. Several actions are invoked in the order of these calls. */
  triggerOn(resource: TerraformResource, options: TriggerOptions = {}): this {
    addTrigger(resource, this, options);
    return this;
  }

  /** Terraform's name of it, e.g. for `terraform apply -invoke=action.artifactapi_probe_remote.npm`. */
  get address(): string {
    return `action.${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }

  /** The block, for JSON. */
  override toTerraform(): object {
    return { action: this.synthesizeBlock({ config: this.attributeValues.toTerraform() }, { '//': this.constructNodeMetadata }) };
  }

  override toMetadata(): object {
    const overrides = Object.keys(this.rawOverrides as object);
    return overrides.length > 0 ? { overrides: { [this.terraformResourceType]: overrides } } : {};
  }

  /** The value given to an attribute. */
  protected inputOf<T>(key: string): T | undefined {
    return this.attributeValues.get(key) as T | undefined;
  }

  /** Sets the value of an attribute. */
  protected putValue(key: string, value: unknown): void {
    this.attributeValues.put(key, value);
  }

  /** Unsets the value of an attribute. */
  protected resetValue(key: string): void {
    this.attributeValues.reset(key);
  }

  private synthesizeBlock(body: object, more: object = {}): Blocks {
    const all = deepMerge({ ...body, ...(this.provider && { provider: this.provider.fqn }) }, this.rawOverrides) as object;
    return { [this.terraformResourceType]: { [this.friendlyUniqueId]: { ...all, ...more } } };
  }
}
