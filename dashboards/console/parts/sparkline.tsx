interface SparklineProps {
  readonly values: readonly number[];
  /** A level to compare with, drawn as a line. */
  readonly level: number;
  /** Bars beyond it are cut there and hatched: a backlog of an hour ago must not press what is live to the ground. */
  readonly ceiling: number;
  readonly label: string;
}

const WIDTH = 300;
const HEIGHT = 64;

/** A bar a minute, oldest left, with the declared level as a dashed line. */
export function Sparkline({ values, level, ceiling, label }: SparklineProps) {
  const top = Math.min(Math.max(level * 1.15, ...values), ceiling);
  const step = WIDTH / Math.max(values.length, 1);
  const yOf = (value: number): number => HEIGHT - (HEIGHT * Math.min(value, top)) / top;
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, index) => (
        <rect
          key={index}
          className={value > top ? 'is-cut' : ''}
          x={index * step}
          y={Math.min(yOf(value), HEIGHT - 1)}
          width={step * 0.72}
          height={value === 0 ? 0 : Math.max(HEIGHT - yOf(value), 1)}
        />
      ))}
      <line x1="0" x2={WIDTH} y1={yOf(level)} y2={yOf(level)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
