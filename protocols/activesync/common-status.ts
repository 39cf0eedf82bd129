/**
 * The statuses that any command may answer from 14.0 on (MS-ASCMD §2.2.2), with the HTTP status that 12.1 gets instead; where
 * the specification only says "4xx" or "5xx", or nothing, the choice is ours.
 */
export const COMMON_HTTP = {
  /** InvalidContent: the body or its type is not acceptable. */
  101: 400,
  /** InvalidWBXML */
  102: 400,
  /** InvalidXML: the document breaks the command's schema. */
  103: 400,
  /** InvalidDateTime */
  104: 400,
  /** InvalidCombinationOfIDs */
  105: 400,
  /** InvalidIDs: malformed, not merely unknown. */
  106: 400,
  /** InvalidMIME */
  107: 400,
  /** DeviceIdMissingOrInvalid */
  108: 400,
  /** DeviceTypeMissingOrInvalid */
  109: 400,
  /** ServerError: do not retry. */
  110: 500,
  /** ServerErrorRetryLater */
  111: 503,
  /** MailboxQuotaExceeded */
  113: 507,
  /** MailboxServerOffline: the store is down. */
  114: 503,
  /** SendQuotaExceeded */
  115: 507,
  /** MessageRecipientUnresolved */
  116: 500,
  /** MessagePreviouslySent */
  118: 200,
  /** MessageHasNoRecipient */
  119: 400,
  /** MailSubmissionFailed */
  120: 500,
  /** MessageReplyFailed */
  121: 500,
  /** AttachmentIsTooLarge */
  122: 413,
  /** UserDisabledForSync */
  126: 403,
  /** DeviceIsBlockedForThisUser */
  129: 403,
  /** AccessDenied */
  130: 403,
  /** SyncStateNotFound */
  132: 403,
  /** SyncStateLocked */
  133: 503,
  /** CommandNotSupported */
  137: 501,
  /** VersionNotSupported */
  138: 400,
  /** DeviceNotFullyProvisionable */
  139: 403,
  /** RemoteWipeRequested */
  140: 449,
  /** LegacyDeviceOnStrictPolicy */
  141: 449,
  /** DeviceNotProvisioned */
  142: 449,
  /** PolicyRefresh */
  143: 449,
  /** InvalidPolicyKey */
  144: 449,
  /** ExternallyManagedDevicesNotAllowed */
  145: 403,
  /** NoRecurrenceInCalendar */
  146: 400,
  /** UnexpectedItemClass */
  147: 400,
  /** InvalidStoredRequest */
  149: 400,
  /** ItemNotFound */
  150: 404,
  /** TooManyFolders */
  151: 500,
  /** MoveCommandDisallowedForNonPersistentMoveAction */
  155: 400,
  /** MoveCommandInvalidDestinationFolder */
  156: 400,
  /** BodyPartPreferenceTypeNotSupported */
  164: 400,
  /** DeviceInformationRequired */
  165: 400,
  /** InvalidAccountId */
  166: 400,
  /** AccountSendDisabled */
  167: 403,
  /** IRM_FeatureDisabled: there is no rights management. */
  168: 403,
  /** MaximumDevicesReached */
  177: 403,
} as const;

export type CommonStatus = keyof typeof COMMON_HTTP;
