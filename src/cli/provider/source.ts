/** The source address of a provider of this package, as the constructs have it by default. */
export function defaultSource(name: string): string {
  return `registry.terraform.io/repoform/${name}`;
}
