/** EAS-4-TbSync, a real ActiveSync client: `node test/clients/eas4tbsync.ts`, run by `run.ts`. */
import { withCast } from './eas4tbsync/cast.ts';
import { playBoth } from './eas4tbsync/play-both.ts';
import { playFetch } from './eas4tbsync/play-fetch.ts';
import { playSend } from './eas4tbsync/play-send.ts';
import { playSetUp } from './eas4tbsync/play-set-up.ts';

await withCast(async (cast) => {
  await playSetUp(cast);
  await playFetch(cast);
  await playSend(cast);
  await playBoth(cast);
});
