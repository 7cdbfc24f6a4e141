import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type DashboardLink, DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** The tag that all boards have. */
export const BOARD_TAG = 'throughline';

/** The SDK puts every link into a menu; ours are to be seen. */
function shown(builder: DashboardLinkBuilder): Builder<DashboardLink> {
  return {
    build: () => {
      const { placement: _menu, ...link } = builder.build();
      return link;
    },
  };
}

/** A link to a page outside Grafana, in a tab of its own. */
export function linkOf({ title, url }: { readonly title: string; readonly url: string }): Builder<DashboardLink> {
  return shown(new DashboardLinkBuilder(title).type(DashboardLinkType.Link).icon('external link').url(url).targetBlank(true));
}

/** To the other boards, with the time and the variables. */
export function boardsLink(): Builder<DashboardLink> {
  const link = new DashboardLinkBuilder('Throughline').type(DashboardLinkType.Dashboards).icon('apps').tags([BOARD_TAG]);
  return shown(link.asDropdown(false).includeVars(true).keepTime(true));
}
