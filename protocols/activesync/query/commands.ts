/** Command codes of the base64 query (MS-ASHTTP §2.2.1.1.1.1.2). */
const COMMAND_CODES = {
  Sync: 0,
  SendMail: 1,
  SmartForward: 2,
  SmartReply: 3,
  GetAttachment: 4,
  FolderSync: 9,
  FolderCreate: 10,
  FolderDelete: 11,
  FolderUpdate: 12,
  MoveItems: 13,
  GetItemEstimate: 14,
  MeetingResponse: 15,
  Search: 16,
  Settings: 17,
  Ping: 18,
  ItemOperations: 19,
  Provision: 20,
  ResolveRecipients: 21,
  ValidateCert: 22,
  Find: 23,
} as const;

/** Commands that have a name in the protocol, whether they are served or not. */
export type CommandName = keyof typeof COMMAND_CODES;

export const COMMAND_NAMES = Object.keys(COMMAND_CODES) as CommandName[];

const BY_CODE = new Map(COMMAND_NAMES.map((name) => [COMMAND_CODES[name] as number, name]));
const BY_TEXT = new Map(COMMAND_NAMES.map((name) => [name.toLowerCase(), name]));

/** The command of a base64 query; null for a code that is none. */
export function commandOfCode(code: number): CommandName | null {
  return BY_CODE.get(code) ?? null;
}

/** The command of a plain query, in any case; null for a name that is none. */
export function commandOfText(text: string): CommandName | null {
  return BY_TEXT.get(text.toLowerCase()) ?? null;
}
