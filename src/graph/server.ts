import { isListable } from '../handler/listing';
import type { ProviderHandler } from '../handler/provider-handler';
import { KnownProviders } from '../plans/known';
import type { Declared, Estate } from '../plans/plan';
import { type PlanRecord, Secret } from '../plans/value';
import type { ProviderDefinition } from '../schema/define/provider';
import { isHidden } from '../schema/define/shape';

/** What is on a server as if a stack declared it, and why a part of it could not be read. */
export interface Living {
  readonly estate: Estate;
  readonly unread: readonly string[];
}

/** Reads all objects that lists have. Artifacts are not drawn: there are too many. */
export async function serverEstate(provider: ProviderDefinition, handler: ProviderHandler): Promise<Living> {
  const source = provider.source ?? provider.name;
  const known = new KnownProviders([provider]);
  const listing = handler.listing();
  const objects: Declared[] = [];
  const unread: string[] = [];
  for (const { type } of provider.resources.filter((resource) => isListable(resource))) {
    const about = known.type(source, type);
    for (const listed of await listing.objects(type)) {
      if ('problem' in listed) unread.push(`${type}${listed.id === '' ? '' : ` ${JSON.stringify(listed.id)}`}: ${listed.problem.detail}`);
      else if (about) {
        const values = Object.fromEntries(
          about.fields.map((field) => [field.name, isHidden(field) ? new Secret(null) : (listed.values[field.name] ?? null)]),
        ) as PlanRecord;
        const empty = { written: new Map(), references: new Map() };
        objects.push({ ...empty, address: `${type}.${listed.id}`, mode: 'managed', type, name: listed.id, source, known: about, values });
      }
    }
  }
  return { estate: { objects, providers: [] }, unread };
}
