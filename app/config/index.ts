export { type Problem, placeOf, sentenceOf, shownFolder } from './problem.ts';
export { workspaceSchemas } from './schemas.ts';
export { loadSettings, type SettingFlags, type Settings } from './settings.ts';
export { checkWorkspace, loadWorkspace, type Workspace } from './workspace.ts';
export type { FeatureViewFile, ModelFile, PipelineFile, SloFile } from './workspace-files.ts';
