import type { OtherForm, ProviderDefinition, ResourceDefinition } from '../schema/define';
import { type Field, fieldsOf } from '../schema/define/shape';

/** A resource type that a definition describes. */
export interface KnownType {
  readonly provider: ProviderDefinition;
  readonly definition: ResourceDefinition;
  readonly fields: readonly Field[];
  /** Names (snake_case) of the attributes that make up the key. */
  readonly key: readonly string[];
}

/** A form of a known type in a resource of another provider. */
export interface KnownForm {
  readonly known: KnownType;
  readonly form: OtherForm;
}

/** The providers whose definitions are at hand. */
export class KnownProviders {
  private readonly types = new Map<string, KnownType>();
  private formsByType: ReadonlyMap<string, readonly KnownForm[]> | undefined;

  constructor(private readonly providers: readonly ProviderDefinition[]) {}

  /** A provider by its source address, or by its name. The host does not count: mirrors have their own. */
  provider(source: string): ProviderDefinition | undefined {
    const place = placeOf(source);
    return this.providers.find((one) => placesOf(one).includes(place));
  }

  /** A resource type of the provider with that source address; nothing for one of another provider. */
  type(source: string, type: string): KnownType | undefined {
    const provider = this.provider(source);
    const definition = provider?.resources.find((one) => one.type === type);
    return provider && definition && this.typeOf(provider, definition);
  }

  /** The forms of known types that a resource type of another provider may be. A stack in a test may name that provider without its namespace. */
  forms(source: string, type: string): readonly KnownForm[] {
    this.formsByType ??= this.allForms();
    const place = placeOf(source);
    return (this.formsByType.get(type) ?? []).filter(({ form }) => form.source === place || form.source.endsWith(`/${place}`));
  }

  private allForms(): ReadonlyMap<string, readonly KnownForm[]> {
    const all = this.providers.flatMap((provider) =>
      provider.resources.flatMap((definition) =>
        (definition.otherForms ?? []).map((form) => ({ known: this.typeOf(provider, definition), form })),
      ),
    );
    return new Map(all.map(({ form: { type } }) => [type, all.filter(({ form }) => form.type === type)]));
  }

  private typeOf(provider: ProviderDefinition, definition: ResourceDefinition): KnownType {
    const { type } = definition;
    const made = this.types.get(type);
    if (made) return made;
    const fields = fieldsOf(definition.attributes, definition.apiCase);
    const key = definition.key.map((name) => fields.find((field) => field.key === name)?.name ?? name);
    const known = { provider, definition, fields, key };
    this.types.set(type, known);
    return known;
  }
}

/** What means a provider: its name alone, or namespace and name, where there is no source address those of our own or of a package built of a definition. */
const placesOf = ({ name, source }: ProviderDefinition): readonly string[] => [
  name,
  ...(source === undefined ? [`repoform/${name}`, `${name}/${name}`] : [placeOf(source)]),
];

/** Namespace and name. */
const placeOf = (source: string): string => source.split('/').slice(-2).join('/').toLowerCase();
