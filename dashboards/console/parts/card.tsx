import type { ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** A sentence or figure beside the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled part of a page; its heading names the region. */
export function Card({ title, aside, className = '', children }: CardProps) {
  const id = `card-${title.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-')}`;
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <div className="card-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
