import type { ClientUse } from '../../define/definition';
import type { ProviderDefinition } from '../../define/provider';
import { type Field, fieldsOf } from '../../define/shape';
import { actionClass, dataSourceClass, ephemeralClass, providerClass, resourceClass } from './names';

/** What a class is generated from. */
export interface ClassSource {
  readonly className: string;
  readonly kind: 'resource' | 'dataSource' | 'ephemeral' | 'action' | 'provider';
  /** Terraform's name of the type; of a provider, its own. */
  readonly type: string;
  /** Terraform's name of the provider. */
  readonly provider: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly deprecated?: string;
  /** Set when clients fetch packages from it. */
  readonly clients?: ClientUse;
  /** What the constructs need to warn about repositories that a server may not serve. */
  readonly serving?: ClientUse & { readonly server: string };
}

/** What the classes of a provider are generated from. */
export function sourcesOf(provider: ProviderDefinition): ClassSource[] {
  const { name } = provider;
  return [
    {
      className: providerClass(name),
      kind: 'provider',
      type: name,
      provider: name,
      description: provider.description,
      fields: fieldsOf(provider.attributes),
    },
    ...provider.resources.map((resource) => ({
      className: resourceClass(name, resource.type),
      kind: 'resource' as const,
      type: resource.type,
      provider: name,
      description: resource.description,
      fields: fieldsOf(resource.attributes, resource.apiCase),
      ...(resource.deprecated && { deprecated: resource.deprecated }),
      ...(resource.clients && { clients: resource.clients }),
      ...(resource.clients?.served && { serving: { server: provider.title, ...resource.clients } }),
    })),
    ...provider.dataSources.map((data) => ({
      className: dataSourceClass(data.type),
      kind: 'dataSource' as const,
      type: data.type,
      provider: name,
      description: data.description,
      fields: fieldsOf(data.attributes, data.apiCase),
    })),
    ...(provider.ephemerals ?? []).map((one) => ({
      className: ephemeralClass(one.type),
      kind: 'ephemeral' as const,
      type: one.type,
      provider: name,
      description: one.description,
      fields: fieldsOf(one.attributes, one.apiCase),
    })),
    ...(provider.actions ?? []).map((action) => ({
      className: actionClass(name, action.type),
      kind: 'action' as const,
      type: action.type,
      provider: name,
      description: action.description,
      fields: fieldsOf(action.attributes, action.apiCase),
    })),
  ];
}
