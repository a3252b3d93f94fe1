import { defineCollection, rest, type RestCollection } from '../../schema/define';

/** Where remotes and locals are, in one list. */
export const remotesPath: RestCollection = { path: '/api/v2/remotes', listNames: ['items', 'data', 'remotes'] };

/** Where virtuals are. */
export const virtualsPath: RestCollection = { path: '/api/v2/virtuals', listNames: ['items', 'data', 'virtuals'] };

/** Remotes and locals of any package type. */
export const anyRepository = defineCollection({ key: ['name'], ...rest(remotesPath) });

/** Virtuals of any package type. */
export const anyVirtual = defineCollection({ key: ['name'], ...rest(virtualsPath) });
