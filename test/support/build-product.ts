import { spawnSync } from 'node:child_process';

/** Before all tests: builds dist/, as some start the product. A failed build leaves nothing that starts, so those tests fail. */
export function setup(): void {
  spawnSync(process.execPath, ['app/build/build.mjs'], { stdio: 'inherit' });
}
