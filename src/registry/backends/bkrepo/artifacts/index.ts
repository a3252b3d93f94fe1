import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { type BkContext } from '../context';
import { blocks } from './blocks';
import { contentsOf } from './contents';
import { formatRoutes } from './format-routes';
import { generic } from './generic';
import { imageLogin } from './image-login';
import { keepHouse } from './housekeeping';
import { metadataApi } from './metadata-api';
import { nodeApi } from './node-api';
import { packageApi } from './package-api';
import { share } from './share';
import { temporary } from './temporary';

/** Every route group of the data side. */
const GROUPS: readonly ((app: FastifyInstance, context: BkContext) => void)[] = [
  generic,
  blocks,
  temporary,
  nodeApi,
  metadataApi,
  packageApi,
  share,
  imageLogin,
  formatRoutes,
];

/** The data side of BK-Repo: files, nodes, their metadata, packages, and links to them. */
export function artifacts(context: BkContext): FastifyPluginCallback {
  context.contents.push(contentsOf(context));
  return (app, _options, done) => {
    for (const group of GROUPS) group(app, context);
    keepHouse(app, context);
    done();
  };
}
