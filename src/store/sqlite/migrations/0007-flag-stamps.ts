/**
 * When each aspect of an item's flags changed last, beside the stamps of the item and of its content. Of what was written
 * before nobody knows which aspect it was: all of them count as changed by the last write.
 */
export const FLAG_STAMPS = `
ALTER TABLE item ADD COLUMN flag_revs TEXT;
UPDATE item SET flag_revs = json_object('read', rev, 'categories', rev, 'followUp', rev, 'lastVerb', rev)
  WHERE rev > content_rev;
`;
