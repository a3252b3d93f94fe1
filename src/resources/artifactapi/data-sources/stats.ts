import { writeJson } from '../../../common/exact-json';
import { attr, defineDataSource, z } from '../../../schema/define';

export const stats = defineDataSource({
  type: 'artifactapi_stats',
  description: 'What the server counts, as JSON: its fields differ between versions. Read one with `jsondecode`.',
  attributes: {
    json: attr(z.string(), 'The overview.', { computed: true }),
    topFilesByHits: attr(z.string(), 'The files that are fetched most often.', { computed: true }),
    topFilesByBandwidth: attr(z.string(), 'The files that move most bytes.', { computed: true }),
  },
  async read({ client }) {
    const get = async (path: string): Promise<string> => writeJson((await client.send({ method: 'GET', path })).json ?? null);
    const [json, hits, bandwidth] = await Promise.all(
      ['/api/v2/stats', '/api/v2/stats/top-files-by-hits', '/api/v2/stats/top-files-by-bandwidth'].map(get),
    );
    return { json, top_files_by_hits: hits, top_files_by_bandwidth: bandwidth };
  },
  example: {},
});
