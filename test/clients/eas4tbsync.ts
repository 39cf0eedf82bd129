/** EAS-4-TbSync, a real ActiveSync client: `node test/clients/eas4tbsync.ts`, run by `run.ts`. */
import { withCast } from './eas4tbsync/cast.ts';
import { playFetch } from './eas4tbsync/play-fetch.ts';
import { playSetUp } from './eas4tbsync/play-set-up.ts';

await withCast(async (cast) => {
  await playSetUp(cast);
  await playFetch(cast);
});
