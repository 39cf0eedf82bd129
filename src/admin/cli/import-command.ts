import { parseArgs } from 'node:util';
import { formatAddress, parseAddress } from '../address.ts';
import type { Command } from './command.ts';
import { findFiles } from './find-files.ts';
import { importFiles } from './import-run.ts';
import type { Refusal } from './import-source.ts';
import { createImportTargets } from './import-targets.ts';
import { createProgressBar } from './progress-bar.ts';
import { UsageError } from './terminal.ts';

export const importCommand: Command = {
  words: ['import'],
  usage: 'ADDRESS [--folder NAME] FILE|DIR...',
  summary: 'put calendars, contacts and mail from files into a mailbox',
  help: `Takes .ics, .vcf, .eml and mbox files, Maildirs, what "causeway export" wrote, and folders of all these. Events go to
Calendar, tasks to Tasks, journal entries to Notes, contacts to Contacts, mail to Inbox or, from a Maildir, to the folder
of the same name. A file with many items is taken apart; each item that is refused, and each line that cannot be read and
is left out of its item, is named with file, line and reason, and the rest is imported.

Importing again doubles nothing: an item whose UID the folder has is replaced where it differs, a message that is there
byte for byte is left. Items without UID get one made from their content.

  --folder NAME  put everything into the folder of this name (its DAV name or the shown one); it is created when missing

Exit code 0: all imported, 1: something was refused or left out, 2: nothing could be done.

Examples:
  causeway import ann@example.org calendar.ics contacts.vcf
  causeway import ann@example.org --folder Work work.ics
  causeway import ann@example.org ~/Maildir`,
  prepare(args) {
    const options = { folder: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [first, ...paths] = positionals;
    if (first === undefined) throw new UsageError('The address is missing.');
    const address = formatAddress(parseAddress(first));
    if (paths.length === 0) throw new UsageError('Name at least one file or folder to import.');
    if (values.folder === '') throw new UsageError('--folder names no folder.');
    return async ({ administration, terminal, clock }) => {
      // An address nobody has is told before any file is read.
      await administration.folderList({ address });
      const { files, refusals } = await findFiles(paths);
      const bar = createProgressBar(terminal, clock, 'importing');
      const onRefusal = ({ path, line, reason, lines }: Refusal) => {
        bar.clear();
        terminal.err(
          `${lines === undefined ? 'refused' : 'left out'}: ${path}${line > 0 ? `:${line}` : ''}: ${reason}\n`,
        );
      };
      refusals.forEach(onRefusal);
      const targets = createImportTargets(administration, address, values.folder ?? null);
      const run = { administration, address, targets, progress: bar.update, onRefusal };
      const counts = await importFiles(run, files).finally(bar.clear);
      const refused = counts.refused + refusals.length;
      for (const name of targets.created) terminal.out(`created folder ${name}\n`);
      const { created, replaced, unchanged, leftOutLines } = counts;
      const lost = leftOutLines > 0 ? `, ${leftOutLines} unreadable lines left out` : '';
      terminal.out(
        `imported ${created + replaced + unchanged}: ${created} new, ${replaced} replaced, ${unchanged} unchanged; ${refused} refused${lost}\n`,
      );
      return refused === 0 && leftOutLines === 0 ? 0 : 1;
    };
  },
};
