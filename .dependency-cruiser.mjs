import { readFileSync } from 'node:fs';

// The rules follow from layers.json; edit that file (and the table in ARCHITECTURE.md), not this one.

/** @type {{ layers: Record<string, string[] | string>, confined: Record<string, string[]> }} */
const { layers, confined } = JSON.parse(readFileSync(new URL('layers.json', import.meta.url), 'utf8'));

const folders = Object.keys(layers);
/** Folders with a front, `#name`. */
const domains = folders.filter((folder) => folder !== 'test' && folder !== 'examples');

/** @param {readonly string[]} names */
const inside = (names) => `^(?:${names.join('|')})/`;

const layerRules = Object.entries(layers).flatMap(([folder, allowed]) => {
  if (!Array.isArray(allowed)) return [];
  const forbidden = folders.filter((other) => other !== folder && !allowed.includes(other));
  return {
    name: `layer-${folder}`,
    comment: `${folder} may import ${allowed.join(', ') || 'no other folder'}`,
    severity: 'error',
    from: { path: inside([folder]) },
    to: { path: inside(forbidden) },
  };
});

const frontDoorRules = domains.flatMap((domain) => [
  {
    name: 'front-doors-only',
    comment: `from outside ${domain}/, import '#${domain}' (its index.ts) and nothing behind it`,
    severity: 'error',
    from: { pathNot: inside([domain, 'test']) },
    to: { path: inside([domain]), pathNot: `^${domain}/index\\.ts$` },
  },
  {
    name: 'boundary-by-name',
    comment: `cross into ${domain}/ as '#${domain}', so that the boundary shows`,
    severity: 'error',
    from: { pathNot: inside([domain, 'test']) },
    to: { path: inside([domain]), dependencyTypesNot: ['aliased-subpath-import'] },
  },
  {
    name: 'no-own-front-door',
    comment: `inside ${domain}/ import files, not '#${domain}'`,
    severity: 'error',
    from: { path: inside([domain]) },
    to: { path: inside([domain]), dependencyTypes: ['aliased-subpath-import'] },
  },
]);

const confinedRules = Object.entries(confined).map(([name, homes]) => ({
  name: `confined-${name}`,
  comment: `${name} is imported only under ${homes.join(', ')}`,
  severity: 'error',
  from: { pathNot: inside([...homes, 'test']) },
  to: { path: `(?:^|node_modules/)${name.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(?:/|$)` },
}));

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'tests-stay-out',
      comment: 'code does not import tests; only the vitest configurations may import test/support/',
      severity: 'error',
      from: { pathNot: '^test/|^vitest\\.(real\\.)?config\\.ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'declared-packages-only',
      comment: 'Preact is declared; the console imports it as `react`',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '(?:^|/)node_modules/preact/' },
    },
    {
      name: 'no-dev-packages-in-product',
      severity: 'error',
      from: { path: inside([...domains, 'examples']), pathNot: '^app/(?:build|docs)/|^dashboards/console/|-bootstrap\\.mjs$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'console-runs-in-a-browser',
      comment: 'dashboards/console/ is bundled for browsers: nothing of Node, and of other folders types only',
      severity: 'error',
      from: { path: '^dashboards/console/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'console-takes-types-only',
      comment: 'a value from another folder would bring its packages into the browser',
      severity: 'error',
      from: { path: '^dashboards/console/' },
      to: { path: inside(domains), pathNot: '^dashboards/console/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'console-is-built-not-imported',
      comment: 'what is in dashboards/console/ reaches the product through Vite alone',
      severity: 'error',
      from: { path: inside(domains), pathNot: '^dashboards/console/' },
      to: { path: '^dashboards/console/' },
    },
    {
      name: 'diagnosis-knows-no-drill',
      comment: 'what finds faults must not know those that are rehearsed',
      severity: 'error',
      from: { path: '^runbooks/(?!drills/|index\\.ts$)' },
      to: { path: '^(?:runbooks|app)/drills/' },
    },
    {
      name: 'drills-stay-apart',
      comment: 'nothing of the product but its drill command reaches the drills',
      severity: 'error',
      from: { path: inside(domains), pathNot: '^app/(?:drills/|cli/drill\\.ts$)' },
      to: { path: '^app/drills/' },
    },
    ...layerRules,
    ...frontDoorRules,
    ...confinedRules,
  ],
  options: {
    exclude: { path: '^(?:dist|coverage|\\.cache|\\.throughline|docs|deploy)/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // Its paths say what `react` stands for in the console: Preact.
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
