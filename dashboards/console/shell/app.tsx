import { lazy, Suspense, useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { type LiveStore, useLive } from '../api/live.ts';
import { Skeleton } from '../parts/notes.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Header } from './header.tsx';
import { NotFound } from './not-found.tsx';
import { StatusStrip } from './status-strip.tsx';

const OverviewPage = lazy(async () => ({ default: (await import('../overview/overview-page.tsx')).OverviewPage }));
const EventPage = lazy(async () => ({ default: (await import('../journey/event-page.tsx')).EventPage }));
const ModelsPage = lazy(async () => ({ default: (await import('../models/models-page.tsx')).ModelsPage }));
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
            <Switch>
              <Route path="/">
                <OverviewPage live={state} />
              </Route>
              <Route path="/events/:id">
                <EventPage id={nameInPath()} />
              </Route>
              <Route path="/models">
                <ModelsPage name={undefined} live={state} />
              </Route>
              <Route path="/models/:name">
                <ModelsPage name={nameInPath()} live={state} />
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
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}
