import {
  dependable,
  TerraformCount,
  TerraformElement,
  TerraformProvider,
  TerraformStack,
  Token,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProviderGeneratorMetadata,
  type TerraformResourceLifecycle,
} from 'cdktf';
import { deepMerge, keysToSnakeCase } from 'cdktf/lib/util';
import type { Construct } from 'constructs';
import type { Action } from './action';
import type { TypeSpec } from './attribute';
import { AttributeValues } from './attribute-values';
import { addOwnHcl, type Blocks } from './own-hcl';
import { EphemeralReference } from './ephemeral-reference';
import { usesFeature } from './provider-features';
import { warnOfLiteralSecrets } from './secrets';

const metaArguments = ['dependsOn', 'count', 'provider', 'lifecycle', 'forEach'] as const;

/** What every ephemeral resource accepts besides its attributes. */
export interface EphemeralMetaArguments extends Pick<TerraformMetaArguments, 'dependsOn' | 'count' | 'provider' | 'forEach'> {
  /**
   * Conditions that are checked before and after it is opened.
   *
   * @default none
   */
  readonly lifecycle?: Pick<TerraformResourceLifecycle, 'precondition' | 'postcondition'>;
}

/** What a generated ephemeral resource class passes to its base. */
export interface EphemeralResourceOptions {
  readonly spec: TypeSpec;
  readonly config: EphemeralMetaArguments;
  readonly metadata: TerraformProviderGeneratorMetadata;
}

/** The base of every generated ephemeral resource class, the same on both cores; one of them has no such class. */
export abstract class EphemeralResource extends TerraformElement {
  readonly terraformResourceType: string;
  readonly terraformGeneratorMetadata: TerraformProviderGeneratorMetadata;
  dependsOn: string[] | undefined;
  count: TerraformMetaArguments['count'];
  provider: TerraformProvider | undefined;
  lifecycle: EphemeralMetaArguments['lifecycle'];
  forEach: TerraformMetaArguments['forEach'];
  private readonly attributeValues: AttributeValues;

  constructor(scope: Construct, id: string, options: EphemeralResourceOptions) {
    const { spec, config, metadata } = options;
    super(scope, id, `ephemeral.${spec.type}`);
    usesFeature(this, 'ephemeralResources');
    this.terraformResourceType = spec.type;
    this.terraformGeneratorMetadata = metadata;
    this.dependsOn = config.dependsOn?.map(dependable);
    this.count = config.count;
    this.provider = config.provider;
    this.lifecycle = config.lifecycle;
    this.forEach = config.forEach;
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: metaArguments });
    warnOfLiteralSecrets(this, spec, this.attributeValues);
    addOwnHcl(this, 'ephemeral', () => this.synthesizeBlock(this.attributeValues.toHcl()));
    this.node.addValidation({ validate: () => missingProvider(this) });
  }

  getStringAttribute(name: string): string {
    return Token.asString(this.interpolationForAttribute(name));
  }

  getNumberAttribute(name: string): number {
    return Token.asNumber(this.interpolationForAttribute(name));
  }

  getBooleanAttribute(name: string): IResolvable {
    return this.interpolationForAttribute(name);
  }

  getListAttribute(name: string): string[] {
    return Token.asList(this.interpolationForAttribute(name));
  }

  getNumberListAttribute(name: string): number[] {
    return Token.asNumberList(this.interpolationForAttribute(name));
  }

  getStringMapAttribute(name: string): { [key: string]: string } {
    return Token.asStringMap(this.interpolationForAttribute(name));
  }

  getNumberMapAttribute(name: string): { [key: string]: number } {
    return Token.asNumberMap(this.interpolationForAttribute(name));
  }

  getBooleanMapAttribute(name: string): { [key: string]: boolean } {
    return Token.asBooleanMap(this.interpolationForAttribute(name));
  }

  /** A reference to an attribute. */
  interpolationForAttribute(name: string): IResolvable {
    return new EphemeralReference(
      `ephemeral.${this.terraformResourceType}.${this.friendlyUniqueId}${this.forEach ? '.*' : ''}.${name}`,
      this.cdktfStack,
    );
  }

  /** The block, for JSON. */
  override toTerraform(): object {
    return { ephemeral: this.synthesizeBlock(this.attributeValues.toTerraform(), { '//': this.constructNodeMetadata }) };
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

  private synthesizeBlock(attributes: object, more: object = {}): Blocks {
    const all = deepMerge(attributes, keysToSnakeCase(this.terraformMetaArguments), this.rawOverrides) as object;
    return { [this.terraformResourceType]: { [this.friendlyUniqueId]: { ...all, ...more } } };
  }

  private get terraformMetaArguments(): object {
    if (this.forEach && this.count !== undefined) throw new Error(`${this.node.path}: count and forEach cannot both be set`);
    return {
      dependsOn: this.dependsOn,
      count: TerraformCount.isTerraformCount(this.count) ? this.count.toTerraform() : this.count,
      provider: this.provider?.fqn,
      lifecycle: this.lifecycle,
      forEach: this.forEach?._getForEachExpression() as unknown,
    };
  }
}

/** The core's own check covers only resources and data sources. */
export function missingProvider(element: EphemeralResource | Action): string[] {
  const stack = TerraformStack.of(element);
  const { providerName } = element.terraformGeneratorMetadata;
  const found = stack.node
    .findAll()
    .some((node) => TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === providerName);
  return found
    ? []
    : [`the stack "${stack.node.id}" has no provider for ${element.terraformResourceType}; add the one for ${providerName}`];
}
