import { lazy, Suspense, useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { type LiveState, type LiveStore, useLive } from '../api/live.ts';
import { Skeleton } from '../parts/notes.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Header } from './header.tsx';
import { NotFound } from './not-found.tsx';
import { StatusStrip } from './status-strip.tsx';

const OverviewPage = lazy(async () => ({ default: (await import('../overview/overview-page.tsx')).OverviewPage }));
const EventPage = lazy(async () => ({ default: (await import('../journey/event-page.tsx')).EventPage }));
const ModelsPage = lazy(async () => ({ default: (await import('../models/models-page.tsx')).ModelsPage }));
const IncidentsPage = lazy(async () => ({ default: (await import('../incidents/incidents-page.tsx')).IncidentsPage }));
const SlosPage = lazy(async () => ({ default: (await import('../slos/slos-page.tsx')).SlosPage }));
const RunbooksPage = lazy(async () => ({ default: (await import('../runbooks/runbooks-page.tsx')).RunbooksPage }));
const TeamsPage = lazy(async () => ({ default: (await import('../teams/teams-page.tsx')).TeamsPage }));
const DriftPage = lazy(async () => ({ default: (await import('../drift/drift-page.tsx')).DriftPage }));
const SearchPage = lazy(async () => ({ default: (await import('../search/search-page.tsx')).SearchPage }));
const TracePage = lazy(async () => ({ default: (await import('../trace/trace-page.tsx')).TracePage }));

/** `/events/<name>` → name, as it was before it was encoded. From the address itself: the router decodes a part of it already. */
function nameInPath(): string {
  const encoded = location.pathname.split('/')[2] ?? '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** The frame around every page, and which page an address names. */
export function App({ live }: { readonly live: LiveStore }) {
  const state = useLive(live);
  const [path] = useLocation();
  useEffect(() => scrollTo(0, 0), [path]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header live={state} />
      <StatusStrip live={state} />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={<Skeleton height={640} label="Loading the page" />}>
            <Pages path={path} live={state} />
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

/** Which page an address names. */
function Pages({ path, live }: { readonly path: string; readonly live: LiveState }) {
  return (
    <Switch>
      <Route path="/">
        <OverviewPage live={live} />
      </Route>
      <Route path="/events/:id">
        <EventPage id={nameInPath()} />
      </Route>
      <Route path="/incidents">
        <IncidentsPage fingerprint={undefined} live={live} />
      </Route>
      <Route path="/incidents/:fingerprint">
        <IncidentsPage fingerprint={nameInPath()} live={live} />
      </Route>
      <Route path="/slos">
        <SlosPage live={live} />
      </Route>
      <Route path="/runbooks">
        <RunbooksPage alert={undefined} />
      </Route>
      <Route path="/runbooks/:alert">
        <RunbooksPage alert={nameInPath()} />
      </Route>
      <Route path="/teams/:name">
        <TeamsPage name={nameInPath()} live={live} />
      </Route>
      <Route path="/models">
        <ModelsPage name={undefined} live={live} />
      </Route>
      <Route path="/models/:name">
        <ModelsPage name={nameInPath()} live={live} />
      </Route>
      <Route path="/drift">
        <DriftPage job={undefined} />
      </Route>
      <Route path="/drift/:job">
        <DriftPage job={nameInPath()} />
      </Route>
      <Route path="/search">
        <SearchPage />
      </Route>
      <Route path="/traces/:id">
        <TracePage traceId={nameInPath()} />
      </Route>
      <Route>
        <NotFound path={path} />
      </Route>
    </Switch>
  );
}
