import type { ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, warning } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { unservedText } from '../common/serving';
import type { ValueRecord } from '../common/value';
import { texts } from './guarded';
import type { Session } from './session';

/** Warns of a planned repository that clients may be unable to use, once per run for each kind and package type. */
export async function unserved(session: Session, { clients }: ResourceDefinition, planned: ValueRecord): Promise<Diagnostic[]> {
  if (!clients?.served) return [];
  const { kind, served } = clients;
  const packageType = typeof clients.packageType === 'string' ? clients.packageType : planned[snakeCase(clients.packageType.attribute)];
  if (typeof packageType !== 'string' || served.includes(packageType)) return [];
  const what = `${kind}/${packageType}`;
  if (session.told.has(what)) return [];
  session.told.add(what);
  const { provider } = session.catalog;
  // A server that cannot be queried is treated as one that returns nothing.
  const more = await declaredBy(session).catch((): readonly string[] => []);
  if (more.includes(what)) return [];
  const name = typeof planned['name'] === 'string' ? `"${planned['name']}"` : 'it';
  return [
    warning(
      kind === 'virtual' ? 'Virtual May Not Be Served' : 'Local May Not Be Served',
      unservedText({ server: provider.title, kind, packageType, name, served }),
    ),
  ];
}

/** What the server declares to serve in addition to what every server of its kind serves, as `<kind>/<package type>`. */
export function declaredBy(session: Session): Promise<readonly string[]> {
  const { provider, guard } = session.catalog;
  const hook = { name: `serves of the provider ${provider.name}`, wrong: texts };
  return guard.later(hook, () => provider.serves?.(session.connected().client) ?? []);
}
