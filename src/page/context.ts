import { type Declarable } from './declare';

/** What a backend tells its page. */
export interface About {
  readonly backend: 'artifactapi' | 'bkrepo' | 'kubesphere';
  readonly serverVersion?: string;
  readonly version: string;
  /** The URL of the backend as this client reaches it. */
  readonly endpoint: string;
  /** Where the pages of the backends are, as the machine of the registry reaches them. */
  readonly pages: Readonly<Record<string, string>>;
  readonly now: string;
}

declare const DECLARATIONS: readonly Declarable[];

/** What may be declared, by type. */
export const declarable = (type: string): Declarable | undefined => DECLARATIONS.find((one) => one.type === type);
