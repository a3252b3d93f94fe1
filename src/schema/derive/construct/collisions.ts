import type { Field } from '../../define/shape';
import { capital } from './names';

/** Members of the core's classes and of ours; a test compares the list with both cores. */
export const baseMembers: readonly string[] = [
  ...['constructor', 'toString', 'node', 'with'],
  ...['_elementType', '_fqnToken', '_friendlyUniqueId', '_logicalIdOverride', 'addOverride', 'cdktfStack', 'constructNodeMetadata', 'fqn'],
  ...['friendlyUniqueId', 'overrideLogicalId', 'rawOverrides', 'resetOverrideLogicalId', 'toHclTerraform', 'toMetadata', 'toTerraform'],
  ...['_registerResolveDiscoveredProviderFeatureUsage', '_resetResolveDiscoveredProviderFeatureUsage', 'registerProviderFeatureUsage'],
  ...['_registerProviderFeature', '_providerFeatureUsage', '_resolveDiscoveredProviderFeatureUsage', 'markWriteOnlyAttribute'],
  ...['connection', 'count', 'dependsOn', 'forEach', 'lifecycle', 'provider', 'provisioners', 'terraformGeneratorMetadata'],
  ...['terraformMetaArguments', 'terraformResourceType', 'terraformProviderSource', 'alias', 'metaAttributes'],
  ...['_hasMoved', '_imported', '_movedById', '_movedByTarget', '_addResourceTarget', '_buildMovedBlock', '_buildMovedBlockByTarget'],
  ...[
    '_getResourceTarget',
    'addMoveTarget',
    'hasResourceMove',
    'importFrom',
    'interpolationForAttribute',
    'moveFromId',
    'moveTo',
    'moveToId',
  ],
  ...['getAnyMapAttribute', 'getBooleanAttribute', 'getBooleanMapAttribute', 'getListAttribute', 'getNumberAttribute'],
  ...['getNumberListAttribute', 'getNumberMapAttribute', 'getStringAttribute', 'getStringMapAttribute'],
  ...['synthesizeAttributes', 'synthesizeHclAttributes', 'synthesizeBlock', 'attributeValues', 'inputOf', 'putValue', 'resetValue'],
];

/** Names that the official generator changes, so that its classes and ours would not be interchangeable. */
const renamed = ['node', 'equals', 'self', 'build', 'system', 'software', 'importFrom', 'moveTo'];

/** What every provider has besides its attributes. */
export const providerMembers: readonly string[] = [
  'platforms',
  'source',
  'installLocally',
  'installsLocally',
  'install',
  'aliasInput',
  'resetAlias',
  'aliasValue',
  'others',
];

/** What every action has besides its attributes. */
export const actionMembers: readonly string[] = ['triggerOn', 'address'];

/** What every resource has from which clients fetch packages. */
export const clientMembers: readonly string[] = ['clientConfig'];

/** The conflicts of these attributes with members of a construct class, one line each. */
export function collisions(fields: readonly Field[], more: readonly string[] = []): string[] {
  const taken = new Set([...baseMembers, ...more]);
  const problems: string[] = [];
  for (const { key, name } of fields) {
    if (renamed.includes(key) || /^get[A-Z]/.test(key))
      problems.push(`attribute "${name}": generators rename "${key}"; choose another name`);
    for (const member of [key, `${key}Input`, `reset${capital(key)}`, `put${capital(key)}`]) {
      if (taken.has(member)) problems.push(`attribute "${name}": "${member}" is a member of the base class or of another attribute`);
    }
    for (const member of [key, `${key}Input`, `reset${capital(key)}`]) taken.add(member);
  }
  return problems;
}
