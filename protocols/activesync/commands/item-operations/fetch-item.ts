import type { Field } from '../../classes/field.ts';
import { toElements } from '../../classes/wbxml-adapter.ts';
import type { EasContext } from '../../command.ts';
import type { FoundItem } from '../../translate/find-item.ts';
import { translatorFor } from '../../translate/translators.ts';
import { viewFor } from '../../translate/view-for.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { child, childElements } from '../../wbxml/read-element.ts';
import { readShownOptions } from '../read-shown-options.ts';
import type { Parts } from './parts.ts';

/** Properties of an item as Fetch gives them; null where it cannot be shown. */
export async function fetchItem(
  context: EasContext,
  { collection, item, reader }: FoundItem,
  options: WbxElement | null,
  parts: Parts | null,
): Promise<WbxElement | null> {
  const view = viewFor(context, await reader.folders(), collection.folder, readShownOptions(options));
  const rendered = await translatorFor(context.environment.items, collection, view).render(reader, item, null);
  if (rendered === null) return null;
  const fields = limited(rendered.fields, options);
  return el('ItemOperations:Properties', toElements(parts === null ? fields : parts.withBodyAsPart(fields)));
}

/** MS-ASCMD §2.2.3.158: only what the Schema names; everything where there is none, or an empty one. */
function limited(fields: readonly Field[], options: WbxElement | null): readonly Field[] {
  const schema = options === null ? null : child(options, 'ItemOperations:Schema');
  const names = new Set<string>(schema === null ? [] : childElements(schema).map(({ name }) => name));
  return names.size === 0 ? fields : fields.filter(({ name }) => names.has(name));
}
