import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sendJson } from './answers';
import { type KsContext } from './context';

/** The Kubernetes that the server says it runs on. */
const KUBERNETES = { major: '1', minor: '33', gitVersion: 'v1.33.4' };

/** `/version` and `/kapis/version`: which version this is. */
export function version(app: FastifyInstance, { generation }: KsContext): void {
  const { gitVersion } = generation;
  const [major = '', minor = ''] = gitVersion.slice(1).split('.');
  const common = {
    gitCommit: 'unknown',
    gitTreeState: 'clean',
    buildDate: 'unknown',
    goVersion: 'go1.22.2',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
  const kubernetes = { ...KUBERNETES, ...common };
  const told = { gitVersion, gitMajor: major, gitMinor: minor, ...common, kubernetes };
  const tell = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, told);
  app.get('/version', tell);
  app.get('/kapis/version', tell);
}
