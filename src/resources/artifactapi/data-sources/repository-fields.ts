import * as z from 'zod';
import { attr, type Attributes } from '../../../schema/define/attribute';

const texts = (description: string): Attributes[string] => attr(z.array(z.string()), description, { computed: true });

/** What can be read of any remote or local; the same names as in the resources. */
export const repositoryFields: Attributes = {
  packageType: attr(z.string(), 'Package type, e.g. `npm`.', { computed: true }),
  repoType: attr(z.string(), '`remote` for a proxy of an upstream, `local` for a repository of your own.', { computed: true }),
  description: attr(z.string(), 'What the repository is for.', { computed: true }),
  baseUrl: attr(z.string(), 'Base URL of the upstream; empty for a local.', { computed: true }),
  username: attr(z.string(), 'User name for basic authentication at the upstream.', { computed: true }),
  immutableTtl: attr(z.int(), 'Seconds that files which never change are kept; 0 keeps them forever.', { computed: true }),
  mutableTtl: attr(z.int(), 'Seconds that files which change are kept.', { computed: true }),
  patterns: texts('RE2 patterns of the paths that may be fetched.'),
  blocklist: texts('RE2 patterns of the paths that are always refused.'),
  mutablePatterns: texts('RE2 patterns of the paths that are treated as changing.'),
  immutablePatterns: texts('RE2 patterns of the paths that are treated as never changing.'),
};

/** What can be read of a virtual. */
export const virtualFields: Attributes = {
  packageType: attr(z.string(), 'Package type that all members have.', { computed: true }),
  description: attr(z.string(), 'What the virtual is for.', { computed: true }),
  members: texts('Names of the repositories behind it, in the order in which they are asked.'),
};

/** The attribute that names one of several results. */
export const foundName = attr(z.string(), 'Name of the repository.', { computed: true });
