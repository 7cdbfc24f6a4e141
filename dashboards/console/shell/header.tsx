import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { LiveState } from '../api/live.ts';
import { incidentsQuery } from '../api/operations.ts';
import { plural } from '../words/numbers.ts';
import { CommandBox } from './command-box.tsx';
import { LiveMark } from './live-mark.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** The line with its five stations: the product's sign. */
function Sign() {
  return (
    <svg viewBox="0 0 30 16" width="30" height="16" aria-hidden="true">
      <path d="M1 8h28" stroke="currentColor" strokeWidth="2" />
      <circle cx="4" cy="8" r="3" fill="currentColor" />
      <circle cx="15" cy="8" r="4.2" fill="var(--ground)" stroke="currentColor" strokeWidth="2" />
      <circle cx="26" cy="8" r="3" fill="currentColor" />
    </svg>
  );
}

const PAGES = [
  { href: '/', name: 'Overview' },
  { href: '/incidents', name: 'Incidents' },
  { href: '/slos', name: 'SLOs' },
  { href: '/models', name: 'Models' },
  { href: '/drift', name: 'Drift' },
  { href: '/search', name: 'Search' },
] as const;

/** A page is the current one on all addresses below its own. */
function isWithin(path: string, href: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`));
}

export function Header({ live }: { readonly live: LiveState }) {
  const [path] = useLocation();
  return (
    <header className="top">
      <Link href="/" className="brand">
        <Sign />
        <span className="brand-name">Throughline</span>
        {live.tick === undefined ? null : <span className="brand-workspace">{live.tick.health.workspace}</span>}
      </Link>
      <nav aria-label="Pages">
        {PAGES.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            className={isWithin(path, href) ? 'is-current' : ''}
            aria-current={isWithin(path, href) ? 'page' : undefined}
          >
            {name}
            {href === '/incidents' ? <OpenCount /> : null}
          </Link>
        ))}
      </nav>
      <CommandBox />
      <LiveMark live={live} />
      <ThemeToggle />
    </header>
  );
}

/** How many incidents are open, on every page; nothing while none is. */
function OpenCount() {
  const { data } = useQuery(incidentsQuery);
  const open = data?.incidents.filter(({ state, severity }) => state !== 'resolved' && severity !== 'none') ?? [];
  if (open.length === 0) return null;
  const isUntaken = open.some(({ state }) => state === 'open');
  return (
    <span className={`open-count${isUntaken ? ' is-untaken' : ''}`} title={`${plural(open.length, 'incident')} open`}>
      {open.length}
      <span className="visually-hidden"> open</span>
    </span>
  );
}
