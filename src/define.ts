/** The language that providers are written in: `repoform/provider`. */
export * as z from 'zod';
export * from './schema/define/attribute';
export * from './schema/define/binding';
export * from './schema/define/connection';
export * from './schema/define/data-source';
export * from './schema/define/ephemeral';
export * from './schema/define/error-decoder';
export * from './schema/define/errors';
export * from './schema/define/function';
export * from './schema/define/json';
export * from './schema/define/nested';
export * from './schema/define/provider';
export * from './schema/define/resource';
export * from './schema/define/rest';
export * from './schema/define/types';
