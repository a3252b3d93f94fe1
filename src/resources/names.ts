/**
 * What the help of the command says of the providers. Every run of the command reads it, and the definitions are most of what a short run
 * would read; a test holds the two together.
 */

/** Every provider. */
export const providerNames = ['artifactapi', 'bkrepo', 'kubesphere'] as const;

/** Those whose servers hold files that can be copied. */
export const providersWithFiles: readonly (typeof providerNames)[number][] = ['artifactapi', 'bkrepo'];
