import { attr, computedAttributes, type JsonObject, textOf, z } from '../../../schema/define';
import { remoteAttributes } from '../shared';
import { virtualAttributes } from '../virtual';

const { url: _ofRemote, ...returned } = remoteAttributes;
const { url: _ofVirtual, ...virtualReturned } = virtualAttributes;

/** The readable attributes of any remote or local, under the names of the resources. */
export const repositoryFields = {
  packageType: attr(z.string(), 'Package type, e.g. `npm`.', { computed: true }),
  repoType: attr(z.string(), '`remote` for a proxy of an upstream, `local` for your own repository.', { computed: true }),
  ...computedAttributes(returned),
};

/** The readable attributes of a virtual. */
export const virtualFields = computedAttributes(virtualReturned);

const nameOf = (entry: JsonObject): string => textOf(entry.name) ?? '';

/** Entries in the order of their names: a server's order may change from call to call. */
export const byName = (entries: readonly JsonObject[]): JsonObject[] => [...entries].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
