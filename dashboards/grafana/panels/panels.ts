import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DataSourceRef,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLink,
  type DynamicConfigValue,
  type GridPos,
  MappingType,
  type Panel,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { linkOf } from '../boards/links.ts';
import { ClickHouseQuery, DATA_SOURCE, type QueryForm } from '../clickhouse-query.ts';
import { runbookUrl } from './links.ts';
import type { PanelSpec } from './panel-spec.ts';

/** What the SDK's builders of all panels have in common, though it has no type for that. */
interface AnyPanelBuilder extends Builder<Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  gridPos(place: GridPos): this;
  links(links: Builder<DashboardLink>[]): this;
  withTarget(target: Builder<Dataquery>): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  noValue(text: string): this;
  displayName(name: string): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  mappings(mappings: ValueMapping[]): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
}

function furnish<B extends AnyPanelBuilder>(builder: B, spec: PanelSpec, form: QueryForm): B {
  builder
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .datasource({ ...DATA_SOURCE })
    .gridPos({ ...spec.place })
    .links([linkOf({ title: `Runbook: ${spec.runbook}`, url: runbookUrl(spec.runbook) })])
    .withTarget(new ClickHouseQuery({ sql: spec.sql, form }))
    .unit(spec.unit);
  addLimits(builder, spec);
  if (spec.noValue !== undefined) builder.noValue(spec.noValue);
  if (spec.legend !== undefined) builder.displayName(spec.legend);
  if (spec.valueWords !== undefined) builder.mappings([{ type: MappingType.ValueToText, options: { ...spec.valueWords } }]);
  for (const { column, properties } of spec.overrides ?? []) builder.overrideByName(column, [...properties]);
  return builder;
}

function addLimits(builder: AnyPanelBuilder, { decimals, min, max, thresholds }: PanelSpec): void {
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (thresholds === undefined) return;
  builder.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds]));
}

function legendOf({ legendCalcs = [] }: PanelSpec): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(legendCalcs.length > 0 ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([...legendCalcs]);
}

const tooltip = (): VizTooltipOptionsBuilder =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

function timeSeries(spec: PanelSpec): TimeSeriesBuilder {
  const { kind, drawsThresholds = false, isLogarithmic = false } = spec;
  const isStacked = kind !== 'lines';
  const builder = furnish(new TimeSeriesBuilder(), spec, 'timeseries')
    .drawStyle(kind === 'bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineWidth(kind === 'lines' ? 2 : 1)
    .fillOpacity(kind === 'lines' ? 0 : 60)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .stacking(new StackingConfigBuilder().mode(isStacked ? StackingMode.Normal : StackingMode.None).group('A'))
    .legend(legendOf(spec))
    .tooltip(tooltip());
  if (drawsThresholds) builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (isLogarithmic) builder.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  return builder;
}

function stat(spec: PanelSpec): StatBuilder {
  const reduce = new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']);
  return furnish(new StatBuilder(), spec, 'table').reduceOptions(spec.showsText === true ? reduce.fields('/.*/') : reduce);
}

function states(spec: PanelSpec): StatesBuilder {
  return furnish(new StatesBuilder(), spec, 'timeseries')
    .mergeValues(true)
    .spanNulls(true)
    .showValue(VisibilityMode.Auto)
    .legend(legendOf(spec))
    .tooltip(tooltip());
}

/** Makes what Grafana's JSON has for it. */
export function buildPanel(spec: PanelSpec): Builder<Panel> {
  switch (spec.kind) {
    case 'stat':
      return stat(spec);
    case 'table':
      return furnish(new TableBuilder(), spec, 'table').filterable(true);
    case 'states':
      return states(spec);
    case 'lines':
    case 'bars':
    case 'areas':
      return timeSeries(spec);
  }
}
