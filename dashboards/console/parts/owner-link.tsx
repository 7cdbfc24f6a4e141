import { Link } from 'wouter';
import type { TeamContact } from '#core';
import { contactHref } from '../words/incidents.ts';
import { teamHref } from '../words/links.ts';

/** The team that answers for something: a link to its page. */
export function OwnerLink({ name }: { readonly name: string }) {
  return (
    <Link href={teamHref(name)} className="owner">
      {name}
    </Link>
  );
}

/** How to reach a team: a link where it is an address. */
export function ContactLink({ contact }: { readonly contact: string }) {
  const href = contactHref(contact);
  return href === undefined ? (
    <span className="contact">{contact}</span>
  ) : (
    <a href={href} className="contact">
      {contact}
    </a>
  );
}

/** A team, where one is known. */
export function Owner({ owner }: { readonly owner: TeamContact | null }) {
  return owner === null ? <span className="soft">no owner is known</span> : <OwnerLink name={owner.name} />;
}
