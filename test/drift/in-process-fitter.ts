import { fitModel, type ModelFitter } from '#drift';

/** Fits in the test's own thread. */
export const IN_PROCESS: ModelFitter = { fit: async (task) => fitModel(task), close: async () => undefined };
