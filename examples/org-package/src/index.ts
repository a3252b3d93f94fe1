import { Construct } from 'constructs';
import { type LocalNpm, NpmFront, RemoteGeneric } from 'repoform/artifactapi';

/** The upstreams that this organization allows. */
export const allowedUpstreams: readonly string[] = ['https://npm.example.com', 'https://downloads.example.com'];

/** Properties of a team's repositories. */
export interface TeamProps {
  /** The team that owns the repositories, e.g. `payments`; their names start with it. */
  readonly team: string;
  /** The upstream, one of `allowedUpstreams`. */
  readonly upstream: string;
}

/** The organization's rules; a violation is an error at synthesis, before anything is deployed. */
function checkRules(scope: Construct, { team, upstream }: TeamProps): void {
  scope.node.addValidation({
    validate: () => [
      ...(/^[a-z]{3,20}$/.test(team) ? [] : [`"${team}" is not a team; write its short name, 3 to 20 lower-case letters`]),
      ...(allowedUpstreams.includes(upstream)
        ? []
        : [`"${upstream}" is not an allowed upstream; choose ${allowedUpstreams.join(' or ')}, or have it reviewed first`]),
    ],
  });
}

/** A team's npm packages: the upstream's and its own under one name, with the team's scope kept private. */
export class TeamNpm extends Construct {
  readonly front: NpmFront;

  constructor(scope: Construct, id: string, props: TeamProps) {
    super(scope, id);
    checkRules(this, props);
    this.front = new NpmFront(this, 'npm', {
      name: `${props.team}-npm`,
      upstream: props.upstream,
      privateNames: [`@${props.team}/`],
      description: `npm packages of the team ${props.team}`,
    });
  }

  /** The repository to which the team publishes. */
  get internal(): LocalNpm {
    return this.front.internal;
  }
}

/** Downloads for a team, only from the given paths. */
export class TeamDownloads extends Construct {
  readonly remote: RemoteGeneric;

  constructor(scope: Construct, id: string, props: TeamProps & { readonly paths: string[] }) {
    super(scope, id);
    checkRules(this, props);
    this.remote = new RemoteGeneric(this, 'downloads', {
      name: `${props.team}-downloads`,
      baseUrl: props.upstream,
      patterns: props.paths,
      description: `Downloads of the team ${props.team}`,
    });
  }
}
