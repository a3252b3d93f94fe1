import type { ProviderDefinition, ResourceDefinition } from '../schema/define';
import { type Field, fieldsOf } from '../schema/define/shape';

/** A resource type that a definition describes. */
export interface KnownType {
  readonly provider: ProviderDefinition;
  readonly definition: ResourceDefinition;
  readonly fields: readonly Field[];
  /** Names (snake_case) of the attributes that make up the key. */
  readonly key: readonly string[];
}

/** The providers whose definitions are at hand. */
export class KnownProviders {
  private readonly types = new Map<string, KnownType>();

  constructor(private readonly providers: readonly ProviderDefinition[]) {}

  /** A provider by its source address, or by its name. The host does not count: mirrors have their own. */
  provider(source: string): ProviderDefinition | undefined {
    const place = placeOf(source);
    return this.providers.find((one) => placesOf(one).includes(place));
  }

  /** A resource type of the provider with that source address; nothing for one of another provider. */
  type(source: string, type: string): KnownType | undefined {
    const provider = this.provider(source);
    const made = this.types.get(type);
    if (!provider || made) return provider && made;
    const definition = provider.resources.find((one) => one.type === type);
    if (!definition) return undefined;
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
