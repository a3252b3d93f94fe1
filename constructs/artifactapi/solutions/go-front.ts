import type { Construct } from 'constructs';
import { LocalGoproxy, RemoteGoproxy, type LocalGoproxyConfig, type RemoteGoproxyConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w.~-]*(?:\/[\w.~-]+)*\/?$/i,
  examples: '"git.acme.example/" or "github.com/acme/tools"',
  patterns: ({ text, isPrefix }) => {
    // Capitals are written as "!" and the letter. What directly follows "/" is not a module if it is "@v".
    const name = quote(text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`));
    const rest = !isPrefix ? '[/@]' : text.endsWith('/') ? '[^@]' : '';
    return [`^/*(?:sumdb/[^/]+/lookup/)?${name}${rest}`];
  },
};

/** Properties of a `GoFront`. */
export type GoFrontProps = FrontProps<RemoteGoproxyConfig, LocalGoproxyConfig>;

/**
 * Go modules: a public module proxy and your own modules under one name. An owned module includes those below it, as with `GOPRIVATE`.
 *
 * A strict ArtifactAPI server merges nothing of this type and accepts uploads only as plain files, so it may not serve the virtual:
 * list `internal` and `remote` in the `GOPROXY` of clients there. Clients also need `GONOSUMDB` for owned modules.
 *
 * @example
 * new GoFront(this, 'go', {
 *   name: 'go',
 *   upstream: 'https://goproxy.example.com',
 *   privateNames: ['git.acme.example/'],
 * });
 */
export class GoFront extends Front<RemoteGoproxy, LocalGoproxy> {
  constructor(scope: Construct, id: string, props: GoFrontProps) {
    super(scope, id, frontMembers({ packageType: 'goproxy', remote: RemoteGoproxy, internal: LocalGoproxy, names }, props));
  }
}
