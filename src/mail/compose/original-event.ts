import { eventWords } from '../../domain/calendar/event-words.ts';
import type { Component } from '../../formats/content-line/content-line.ts';
import { setProperty, withChildren } from '../../formats/content-line/edit.ts';
import { makeLine } from '../../formats/content-line/line.ts';
import { isComponent, propertyOf } from '../../formats/content-line/lookup.ts';
import { serializeComponent } from '../../formats/content-line/serialize.ts';
import { attachmentField, type Entity, textEntity } from './entity.ts';
import type { HeadingLine, Original } from './original.ts';

/** What the owner of a calendar noted for himself is not passed on. */
const PRIVATE = /^(?:CATEGORIES|X-MICROSOFT-CDO-.*|X-MOZ-.*)$/;

/**
 * An event as that which a mail is about: its words, and along with a forward the event itself. One with an organizer goes as
 * his REQUEST, which RFC 5546 §3.2.2.6 lets attendees pass on, and answers go to him; any other is published.
 * @param calendar A calendar object with this event.
 */
export function originalEvent(calendar: Component, event: Component): Original {
  const { summary, when, where, description } = eventWords(event, calendar);
  const heading: HeadingLine[] = [
    ['Subject', summary],
    ['When', when],
    ['Where', where],
  ];
  const invitation = invitationOf(calendar, event, summary);
  return {
    heading: heading.filter(([, text]) => text !== ''),
    text: description,
    html: null,
    attachments: [invitation],
    inline: [],
    whole: invitation,
  };
}

function invitationOf(calendar: Component, event: Component, summary: string): Entity {
  const method = propertyOf(event, 'ORGANIZER') === null ? 'PUBLISH' : 'REQUEST';
  const children = calendar.children.map((child) =>
    isComponent(child) && child.name === event.name ? shared(child) : child,
  );
  const written = setProperty(withChildren(calendar, children), makeLine({ name: 'METHOD', value: method }));
  const text = Buffer.from(serializeComponent(written)).toString('utf8');
  // Whoever gets an invitation is asked by it; what is only published is a file, which wants a name.
  const named = method === 'REQUEST' ? '' : attachmentField(`${summary || 'event'}.ics`);
  const { header, body } = textEntity('text/plain', text, named);
  // RFC 6047 §2.4: the parameter says the same as the property.
  return { header: header.replace('text/plain', `text/calendar; method=${method}`), body };
}

function shared(event: Component): Component {
  return withChildren(
    event,
    event.children.filter((child) => child.name !== 'VALARM' && (isComponent(child) || !PRIVATE.test(child.name))),
  );
}
