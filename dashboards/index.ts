export { consoleFolder } from './console-folder.ts';
