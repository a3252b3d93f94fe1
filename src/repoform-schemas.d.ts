/** Made by the build: the encoded `GetProviderSchema` answer of each provider, in base64. */
declare module 'repoform:schemas' {
  export const schemas: Readonly<Record<string, string>>;
}
