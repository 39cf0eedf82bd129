import { type OpenAdministration, runCli } from '../../src/admin/cli/run-cli.ts';
import { REPLAY_SERVICES } from '../../src/server/compose-replay.ts';
import { adminBench } from './bench.ts';

/** Runs command lines in this process against memory stores. */
export function cliBench(bench = adminBench()) {
  const data = { folder: '.' };

  async function causeway(
    line: readonly string[],
    given: { input?: string | Uint8Array; columns?: number; isTerminal?: boolean } = {},
  ) {
    let out = '';
    let err = '';
    const openLocal = async (): Promise<OpenAdministration> => ({
      administration: bench.administration,
      close: async () => {},
    });
    async function* stdin() {
      yield typeof given.input === 'object' ? given.input : Buffer.from(given.input ?? '');
    }
    const code = await runCli(line, {
      terminal: {
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        stdin: stdin(),
        isInputTerminal: given.isTerminal ?? false,
        isOutputTerminal: given.isTerminal ?? false,
        columns: given.columns ?? null,
      },
      clock: bench.clock,
      random: bench.random,
      defaultData: data.folder,
      openLocal,
      replay: async () => REPLAY_SERVICES,
    });
    return { code, out, err };
  }

  return { ...bench, causeway, data };
}
