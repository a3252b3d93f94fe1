/** The language that providers are written in: `repoform/provider`. */
export * from './schema/define';
