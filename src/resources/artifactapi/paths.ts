import type { RestCollection } from '../../schema/define/rest';

/** Remotes and locals, in one list. */
export const remotes: RestCollection = { path: '/api/v2/remotes', listNames: ['items', 'data', 'remotes'] };

/** Virtuals. */
export const virtuals: RestCollection = { path: '/api/v2/virtuals', listNames: ['items', 'data', 'virtuals'] };
