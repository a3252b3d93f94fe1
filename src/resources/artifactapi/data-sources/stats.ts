import { writeJson } from '../../../common/exact-json';
import { attr, defineDataSource, UnexpectedAnswer, z } from '../../../schema/define';

export const stats = defineDataSource({
  type: 'artifactapi_stats',
  description: 'Statistics of the server as JSON, since the fields differ between versions. Decode them with `jsondecode`.',
  attributes: {
    json: attr(z.string(), 'Overview.', { computed: true }),
    topFilesByHits: attr(z.string(), 'The most frequently downloaded files.', { computed: true }),
    topFilesByBandwidth: attr(z.string(), 'The files with the most traffic.', { computed: true }),
  },
  async read({ client }) {
    const get = async (path: string): Promise<string> => {
      const { json } = await client.send({ method: 'GET', path });
      if (json === undefined) throw new UnexpectedAnswer(`the answer to GET ${path} should be JSON`);
      return writeJson(json);
    };
    const [json, hits, bandwidth] = await Promise.all(
      ['/api/v2/stats', '/api/v2/stats/top-files-by-hits', '/api/v2/stats/top-files-by-bandwidth'].map(get),
    );
    return { json, top_files_by_hits: hits, top_files_by_bandwidth: bandwidth };
  },
  example: {},
});
