import type { Journey } from '#core';
import { Card } from '../parts/card.tsx';
import { Waterfall } from '../parts/waterfall.tsx';
import { formatAge, formatUs } from '../words/durations.ts';
import { formatFigure, plural } from '../words/numbers.ts';
import { Features } from './features.tsx';
import { Line, type Station } from './line.tsx';
import { PredictionBody } from './prediction-body.tsx';
import { RawEnvelope } from './raw-envelope.tsx';
import { StageTimes } from './stage-times.tsx';
import { contractStation, eventStation, outcomeStation } from './stations.tsx';
import { WhereItStands } from './where-it-stands.tsx';

export function JourneyView({ journey }: { readonly journey: Journey }) {
  const legs = legsOf(journey);
  const stations = [
    { ...eventStation(journey), leg: legs.contract },
    { ...contractStation(journey.contract), leg: legs.features },
    { ...featureStation(journey.features), ...(journey.prediction === null ? {} : { leg: legs.prediction }) },
    { ...predictionStation(journey), ...(legs.outcome === undefined ? {} : { leg: legs.outcome }) },
    outcomeStation(journey),
  ];
  return (
    <>
      <Line stations={stations} />
      <div className="event-columns">
        <Features features={journey.features} />
        <div className="event-side">
          <StageTimes latency={journey.latency} />
          <WhereItStands found={journey} />
        </div>
      </div>
      <Card title="Trace" className="trace-card">
        <Waterfall spans={journey.spans} />
      </Card>
      <RawEnvelope raw={journey.raw} />
    </>
  );
}

/** How long each leg of the line took: on the processing clock up to the prediction, on the event clock to the outcome. */
function legsOf({ latency: { stages, isBacklog }, outcome }: Journey) {
  const sum = (...names: readonly Journey['latency']['stages'][number]['stage'][]): string =>
    formatUs(stages.filter(({ stage }) => names.includes(stage)).reduce((total, { us }) => total + us, 0));
  return {
    contract: `${isBacklog ? 'waited ' : ''}${sum('broker_wait', 'batch_wait', 'contract')}`,
    features: sum('feature_read'),
    prediction: sum('model_queue', 'model_compute', 'decide', 'publish'),
    outcome: outcome.feedbackSeconds === null ? undefined : formatAge(outcome.feedbackSeconds),
  };
}

function featureStation(features: Journey['features']): Station {
  const present = features.filter(({ status }) => status === 'present').length;
  const counts = (['stale', 'not_found'] as const).map((status) => ({
    word: status === 'stale' ? 'stale' : 'not found',
    count: features.filter((feature) => feature.status === status).length,
  }));
  const missing = counts.filter(({ count }) => count > 0).map(({ word, count }) => `${count} ${word}`);
  const oldest = Math.max(0, ...features.map(({ ageSeconds }) => ageSeconds ?? 0));
  const views = new Set(features.map(({ view }) => view)).size;
  return {
    name: 'Features',
    state: 'done',
    title: missing.length === 0 ? `all ${features.length} present` : `${present} of ${features.length} present`,
    body: (
      <>
        <p>{missing.length === 0 ? `from ${plural(views, 'view')}` : missing.join(', ')}</p>
        <p className="soft">{`${plural(features.filter(({ isInput }) => isInput).length, 'input')} of the model`}</p>
        <p className="soft">{`oldest value ${formatAge(oldest)}`}</p>
      </>
    ),
  };
}

function predictionStation({ prediction }: Journey): Station {
  if (prediction === null) {
    return {
      name: 'Prediction',
      state: 'ahead',
      title: 'none',
      body: <p>Before the first model: the features are kept for training.</p>,
    };
  }
  return {
    name: 'Prediction',
    state: 'done',
    title: <span className="station-figure">{formatFigure(prediction.score)}</span>,
    body: <PredictionBody prediction={prediction} />,
  };
}
