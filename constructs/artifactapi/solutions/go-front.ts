import type { Construct } from 'constructs';
import { LocalGoproxy, RemoteGoproxy, type LocalGoproxyConfig, type RemoteGoproxyConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w.~-]*(?:\/[\w.~-]+)*\/?$/i,
  examples: '"git.acme.example/" or "github.com/acme/tools"',
  patterns: ({ text, isPrefix }) => {
    // Capitals are written as "!" and the letter. What follows "/" at once is no module when it is "@v".
    const name = quote(text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`));
    const rest = !isPrefix ? '[/@]' : text.endsWith('/') ? '[^@]' : '';
    return [`^/*(?:sumdb/[^/]+/lookup/)?${name}${rest}`];
  },
};

/** What a `GoFront` is told. */
export type GoFrontProps = FrontProps<RemoteGoproxyConfig, LocalGoproxyConfig>;

/**
 * Go modules: a public module proxy and your own modules under one name. An owned module owns those beneath it, as with `GOPRIVATE`.
 *
 * A strict ArtifactAPI server merges nothing of this type and knows no upload for it beyond plain files, so it may not answer through the
 * virtual: let clients list `internal` and `remote` in `GOPROXY` there. Clients also need `GONOSUMDB` for owned modules.
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
