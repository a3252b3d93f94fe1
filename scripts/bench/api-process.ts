import { EmulatedApi } from './emulated-api';
import type { Request } from './api';

const api = new EmulatedApi();
const tell = (message: object): void => void process.send?.(message);

process.on('message', ({ latency, forget }: Request) => {
  const objects = api.size;
  api.latency = latency ?? api.latency;
  if (forget) api.forget();
  tell({ ...api.take(), objects });
});
process.on('disconnect', () => process.exit(0));
void api.listen().then((url) => tell({ url }));
