import type { Folder } from './folder.ts';
import { FOLDER_ROLES } from './item-class.ts';

/** What mail and calendar programs call the default folders, in the order of `FOLDER_ROLES`; the key is the language (RFC 5646). */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  cs: 'Doručená pošta|Koncepty|Odeslaná pošta|Odstraněná pošta|Pošta k odeslání|Nevyžádaná pošta|Kalendář|Kontakty|Úkoly|Poznámky'.split(
    '|',
  ),
  da: 'Indbakke|Kladder|Sendt post|Slettet post|Udbakke|Uønsket mail|Kalender|Kontakter|Opgaver|Noter'.split('|'),
  de: 'Posteingang|Entwürfe|Gesendete Elemente|Gelöschte Elemente|Postausgang|Junk-E-Mail|Kalender|Kontakte|Aufgaben|Notizen'.split(
    '|',
  ),
  en: 'Inbox|Drafts|Sent Items|Deleted Items|Outbox|Junk E-mail|Calendar|Contacts|Tasks|Notes'.split('|'),
  es: 'Bandeja de entrada|Borradores|Elementos enviados|Elementos eliminados|Bandeja de salida|Correo no deseado|Calendario|Contactos|Tareas|Notas'.split(
    '|',
  ),
  fi: 'Saapuneet|Luonnokset|Lähetetyt|Poistetut|Lähtevät|Roskaposti|Kalenteri|Yhteystiedot|Tehtävät|Muistiinpanot'.split(
    '|',
  ),
  fr: 'Boîte de réception|Brouillons|Éléments envoyés|Éléments supprimés|Boîte d’envoi|Courrier indésirable|Calendrier|Contacts|Tâches|Notes'.split(
    '|',
  ),
  it: 'Posta in arrivo|Bozze|Posta inviata|Posta eliminata|Posta in uscita|Posta indesiderata|Calendario|Contatti|Attività|Note'.split(
    '|',
  ),
  nl: 'Postvak IN|Concepten|Verzonden items|Verwijderde items|Postvak UIT|Ongewenste e-mail|Agenda|Contactpersonen|Taken|Notities'.split(
    '|',
  ),
  pl: 'Odebrane|Wersje robocze|Wysłane|Usunięte|Do wysłania|Wiadomości-śmieci|Kalendarz|Kontakty|Zadania|Notatki'.split(
    '|',
  ),
  pt: 'Caixa de entrada|Rascunhos|Itens enviados|Itens excluídos|Caixa de saída|Lixo eletrônico|Calendário|Contatos|Tarefas|Anotações'.split(
    '|',
  ),
  sv: 'Inkorgen|Utkast|Skickat|Borttaget|Utkorgen|Skräppost|Kalender|Kontakter|Uppgifter|Anteckningar'.split('|'),
};

/**
 * What people see of a folder: the name someone gave it, else a default folder's name in the reader's language, else its
 * DAV name.
 * @param languages Language tags in order of preference; regions are not looked at (`pt-BR` is `pt`).
 */
export function shownName(folder: Pick<Folder, 'displayName' | 'role' | 'name'>, languages: readonly string[]): string {
  if (folder.displayName !== null) return folder.displayName;
  if (folder.role === null) return folder.name;
  const known = languages.map((tag) => tag.split('-')[0]!.toLowerCase()).find((language) => language in NAMES);
  return NAMES[known ?? 'en']![FOLDER_ROLES.indexOf(folder.role)]!;
}
