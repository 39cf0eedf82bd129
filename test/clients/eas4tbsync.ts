/**
 * EAS-4-TbSync, an ActiveSync client that we did not write: `node test/clients/eas4tbsync.ts [managed]`, run by `run.ts`.
 * `managed` has what an administrator does beside, which is not on the wire and therefore not in the captures.
 */
import { withCast } from './eas4tbsync/cast.ts';
import { playBoth } from './eas4tbsync/play-both.ts';
import { playFetch } from './eas4tbsync/play-fetch.ts';
import { playManaged } from './eas4tbsync/play-managed.ts';
import { playSend } from './eas4tbsync/play-send.ts';
import { playSetUp } from './eas4tbsync/play-set-up.ts';

const plays = process.argv[2] === 'managed' ? [playManaged] : [playSetUp, playFetch, playSend, playBoth];

await withCast(async (cast) => {
  for (const play of plays) await play(cast);
});
