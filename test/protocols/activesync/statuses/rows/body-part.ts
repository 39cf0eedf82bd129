import type { Row, StatusTable } from '../table.ts';

const fetch = (preference: string) => `
  <ItemOperations xmlns="ItemOperations:" xmlns:A="AirSync:" xmlns:B="AirSyncBase:"><Fetch><Store>Mailbox</Store>
    <A:CollectionId>{inbox}</A:CollectionId><A:ServerId>{mail}</A:ServerId>
    <Options><B:BodyPartPreference><B:Type>2</B:Type>${preference}</B:BodyPartPreference></Options></Fetch></ItemOperations>`;

const row = (value: number, title: string, preference: string): Row => ({
  value,
  at: 'ItemOperations/Response/Fetch/Properties/BodyPart',
  versions: ['14.1'],
  asks: { [title]: fetch(preference) },
});

/** MS-ASAIRS §2.2.2.10.2. */
export const BODY_PART_ROWS: StatusTable = {
  name: 'AirSyncBase.BodyPart',
  command: 'ItemOperations',
  rows: [
    row(1, 'the whole', ''),
    row(
      176,
      'oversized: longer than all that is wanted',
      '<B:TruncationSize>1</B:TruncationSize><B:AllOrNone>1</B:AllOrNone>',
    ),
  ],
};
